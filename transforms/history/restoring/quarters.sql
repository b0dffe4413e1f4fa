-- One row per quarter, with those who had ever counted.
insert into main.cells (key_id, installations, parts)
select
    k.key_id,
    q.installations,
    0
from history.quarters as q
inner join main.keys as k on q.name = k.name and k.mart = 'quarters_established';
