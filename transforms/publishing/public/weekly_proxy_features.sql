-- One row per closed week and smart-proxy feature.
select
    week_start,
    name as feature,
    installations,
    parts as proxies,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'proxy_features'
