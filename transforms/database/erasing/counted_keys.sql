-- One row per installation that is erased and counted: what it counts under.
select
    k.keys,
    e.record_key
from erased as e
inner join main.configuration_keys as k on e.counted_as = k.configuration_id;
