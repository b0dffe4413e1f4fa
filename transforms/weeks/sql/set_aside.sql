-- One row per reason for which installations that would be active in the week do not count, and how many.
select
    'uploaded in fewer different weeks than needed' as reason,
    count(*) as installations,
    1 as is_waiting -- active, and not established
from installations
where last_week >= :oldest_week and established_week is null and capped_week is null
union all
select
    'too many newly established from one network in one week' as reason,
    count(*) as installations,
    1 as is_waiting
from installations
where last_week >= :oldest_week and capped_week is not null
union all
select
    reason,
    count(distinct uuid) as installations,
    0 as is_waiting
from ruled_out
where week_start = :week_start
group by reason;
