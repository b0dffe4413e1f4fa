-- One row per closed week and type of compute resource.
select
    week_start,
    name as compute_resource,
    installations,
    parts as resources
from shown_cells
where mart = 'compute_resources'
