-- One row per closed week, thing that is counted and band of how many there are.
select
    week_start,
    case when mart = 'facts' then 'hosts' else parent end as counted,
    name as band,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_cells
where mart = 'sizes' or (mart = 'facts' and parent = 'hosts_count')
