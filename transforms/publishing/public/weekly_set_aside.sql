-- One row per closed week and reason for which reports, or parts of them, do not count.
select
    week_start,
    case when mart = 'set_aside' then 'part' else 'report' end as scope,
    name as reason,
    installations
from shown_cells
where mart in ('set_aside', 'left_out')
