-- One row per closed week and distance of smart proxies from their Foreman.
select
    week_start,
    name as skew,
    installations,
    parts as proxies,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'proxy_skew'
