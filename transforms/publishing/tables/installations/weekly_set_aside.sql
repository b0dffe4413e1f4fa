-- One row per closed week and reason for which reports, or parts of them, do not count.
create table weekly_set_aside (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    scope text not null,                      -- 'report': the whole report is excluded; 'part': only a part of it
    reason text not null,                     -- why; for an operator's rule, the reason it gives
    installations integer not null,           -- installations affected
    primary key (week_start, scope, reason)
) strict, without rowid;

select
    week_start,
    case when mart = 'set_aside' then 'part' else 'report' end as scope,
    name as reason,
    installations
from shown_cells
where mart in ('set_aside', 'left_out');
