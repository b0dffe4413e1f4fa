-- One row per plugin and series it stands on, in the last week with figures.
select
    week_start,
    name as plugin,
    other_name as series,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_pairs
where mart = 'plugin_series'
