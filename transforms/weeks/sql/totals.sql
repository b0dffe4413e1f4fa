-- One row: how many are active at the end of the counted week, and how many of these are established.
select
    count(case when last_week >= :oldest_week then 1 end) as active,
    coalesce(sum(case when last_week >= :oldest_week then record_key end), 0) as active_record_keys,
    count(counted_as) as established,
    coalesce(sum(case when counted_as is not null then record_key end), 0) as established_record_keys
from as_counted;
