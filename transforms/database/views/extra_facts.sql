-- One row per further key of each installation's latest upload: a string as it stands, anything else as JSON.
create view extra_facts as
select
    i.latest_seq as upload_id,
    json_extract(f.value, '$[0]') as key,
    json_extract(f.value, '$[1]') as value,
    json_extract(f.value, '$[2]') as type
from installations as i
inner join configurations as c on i.configuration_id = c.configuration_id
cross join json_each(c.facts) as f;
