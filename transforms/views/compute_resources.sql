-- One row per compute resource of each installation's latest upload, as the upload spells its type.
create view compute_resources as
select
    i.latest_seq * 32768 + r.position as id,
    i.latest_seq as upload_id,
    type.text as type
from installations as i
inner join configuration_compute_resources as r on i.configuration_id = r.configuration_id
inner join texts as type on r.type = type.text_id;
