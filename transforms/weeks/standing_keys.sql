-- One row per configuration that somebody stands with, and how many do.
select
    k.keys,
    k.more_parts,
    count(*) as installations
from installations as i
inner join configuration_keys as k on i.counted_as = k.configuration_id
group by i.counted_as;
