-- One row per closed week, plugin and version of it.
select
    week_start,
    parent as plugin,
    name as version,
    installations
from shown_cells
where mart = 'plugin_versions'
