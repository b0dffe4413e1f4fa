-- One row per quarter: how many of those first seen in it had ever counted by then.
select
    k.name,
    c.installations - (
        select count(*)
        from main.installations as i
        where
            i.established_week >= :received_before
            and substr(i.first_week, 1, 4) || '-Q' || ((substr(i.first_week, 6, 2) + 2) / 3) = k.name
    ) as installations
from main.cells as c
inner join main.keys as k on c.key_id = k.key_id
where k.mart = 'quarters_established'
