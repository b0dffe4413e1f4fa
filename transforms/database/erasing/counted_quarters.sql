-- One row per quarter in which erased installations were first seen, as a key, with how many of them it counts.
select
    k.key_id,
    sum(case k.mart when 'quarters' then e.counted_as is not null else e.established_week is not null end)
        as installations
from erased as e
inner join main.keys as k
    on
        k.mart in ('quarters', 'quarters_established')
        and k.name = substr(e.first_week, 1, 4) || '-Q' || ((substr(e.first_week, 6, 2) + 2) / 3)
group by k.key_id;
