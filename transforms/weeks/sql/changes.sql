-- One row per installation that counts otherwise than at the end of the week before.
insert into changes (installation_id, was, becomes, first_week, record_key)
select
    installation_id,
    counted_as,
    case when established_week is not null and last_week >= :oldest_week then configuration_id end as becomes,
    first_week,
    record_key
from installations
where counted_as is not case when established_week is not null and last_week >= :oldest_week then configuration_id end;
