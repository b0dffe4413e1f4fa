-- One row per closed week and type of compute resource.
select
    week_start,
    name as compute_resource,
    installations,
    parts as resources,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'compute_resources'
