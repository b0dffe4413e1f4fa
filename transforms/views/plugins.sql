-- One row per plugin of each installation's latest upload, as the upload spells it.
create view plugins as
select
    -- a report has fewer than 2**15 values, so upload and position fit into one id
    i.latest_seq * 32768 + p.position as id,
    i.latest_seq as upload_id,
    name.text as name,
    version.text as version
from installations as i
inner join configuration_plugins as p on i.configuration_id = p.configuration_id
inner join texts as name on p.name = name.text_id
left join texts as version on p.version = version.text_id;
