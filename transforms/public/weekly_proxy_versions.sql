-- One row per closed week and version of smart proxies.
select
    week_start,
    name as version,
    installations,
    parts as proxies
from shown_cells
where mart = 'proxy_versions'
