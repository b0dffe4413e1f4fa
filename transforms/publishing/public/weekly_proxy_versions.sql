-- One row per closed week and version of smart proxies.
select
    week_start,
    name as version,
    installations,
    parts as proxies,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_cells
where mart = 'proxy_versions'
