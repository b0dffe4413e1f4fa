-- One row per further key of each installation's latest upload; value and type are as json_each gives them.
create view extra_facts as
select
    i.latest_seq as upload_id,
    key.text as key,
    f.value,
    f.type
from installations as i
inner join configuration_facts as f on i.configuration_id = f.configuration_id
inner join texts as key on f.key = key.text_id;
