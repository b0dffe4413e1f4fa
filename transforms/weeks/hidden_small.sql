-- Hide the groups below k.
insert into hidden_keys (key_id)
select key_id
from cells
where installations < :min_group;
