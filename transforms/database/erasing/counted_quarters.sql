-- One row per installation that is erased and counted: the quarter in which it was first seen, as a key.
select
    k.key_id,
    e.record_key
from erased as e
inner join main.keys as k
    on
        k.mart = 'quarters'
        and k.name = substr(e.first_week, 1, 4) || '-Q' || ((substr(e.first_week, 6, 2) + 2) / 3)
where e.counted_as is not null;
