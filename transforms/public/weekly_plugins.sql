-- One row per closed week and plugin.
select
    week_start,
    name as plugin,
    installations
from shown_cells
where mart = 'plugins'
