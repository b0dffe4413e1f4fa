-- One row per plugin of each installation's latest upload, as the upload spells it.
create view plugins as
select
    -- a report has fewer than 2**15 values, so upload and position fit into one id
    i.latest_seq * 32768 + p.key as id,
    i.latest_seq as upload_id,
    json_extract(p.value, '$[0]') as name,
    json_extract(p.value, '$[1]') as version
from installations as i
inner join configurations as c on i.configuration_id = c.configuration_id
cross join json_each(c.plugins) as p;
