-- One row per key: how many established installations stand with it, and how many of their parts.
insert into cells (key_id, installations, parts)
select
    k.key_id,
    sum(s.installations),
    sum(s.installations * k.parts)
from (
    select
        configuration_id,
        count(*) as installations
    from standing
    where is_established
    group by configuration_id
) as s
inner join configuration_keys as k on s.configuration_id = k.configuration_id
group by k.key_id;
