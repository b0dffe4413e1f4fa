-- One row per reason for which installations that would be active in the counted week do not count, and how many.
select
    'uploaded in fewer different weeks than needed' as reason,
    1 as is_waiting, -- active, and not established
    count(*) as installations,
    coalesce(sum(record_key), 0) as record_keys
from as_counted
where last_week >= :oldest_week and established_week is null and capped_week is null
union all
select
    'too many newly established from one network in one week' as reason,
    1 as is_waiting,
    count(*) as installations,
    coalesce(sum(record_key), 0) as record_keys
from as_counted
where last_week >= :oldest_week and capped_week is not null
union all
select
    reason,
    0 as is_waiting,
    count(*) as installations,
    sum(record_key(uuid)) as record_keys
from (
    select distinct
        reason,
        uuid
    from ruled_out
    where week_start = :week_start
)
group by reason;
