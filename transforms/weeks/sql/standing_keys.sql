-- One row per installation that counts: what it counts under, and its record key.
select
    k.keys,
    i.record_key
from installations as i
inner join configuration_keys as k on i.counted_as = k.configuration_id;
