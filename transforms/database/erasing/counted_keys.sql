-- One row per configuration that erased installations count as, with what it counts under and how many they are.
select
    k.keys,
    k.more_parts,
    count(*) as installations
from erased as e
inner join main.configuration_keys as k on e.counted_as = k.configuration_id
group by k.configuration_id;
