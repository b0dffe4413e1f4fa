-- One row per plugin and plugin that goes with it, in the last week with figures.
select
    week_start,
    name as plugin,
    other_name as other_plugin,
    installations,
    n,
    share,
    share_low,
    share_high
from shown_pairs
where mart = 'plugin_pairs'
