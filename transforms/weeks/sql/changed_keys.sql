-- One row per configuration that more or fewer installations stand with, and how many.
select
    k.keys,
    k.more_parts,
    d.installations
from (
    select
        configuration_id,
        sum(installations) as installations
    from (
        select
            was as configuration_id,
            -1 as installations
        from changes
        where was is not null
        union all
        select
            becomes,
            1
        from changes
        where becomes is not null
    )
    group by configuration_id
) as d
inner join configuration_keys as k on d.configuration_id = k.configuration_id
where d.installations <> 0;
