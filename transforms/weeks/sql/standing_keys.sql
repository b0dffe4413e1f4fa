-- One row per installation that counts: what it counts under.
select
    k.keys,
    k.more_parts
from installations as i
inner join configuration_keys as k on i.counted_as = k.configuration_id;
