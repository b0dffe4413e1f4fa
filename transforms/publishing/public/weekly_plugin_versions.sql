-- One row per closed week, plugin and version of it.
select
    week_start,
    parent as plugin,
    name as version,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_cells
where mart = 'plugin_versions'
