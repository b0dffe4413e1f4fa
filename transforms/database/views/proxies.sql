-- One row per smart proxy of each installation's latest upload; features is a JSON array.
create view proxies as
select
    i.latest_seq * 32768 + p.key as id,
    i.latest_seq as upload_id,
    json_extract(p.value, '$[0]') as version,
    replace(json_extract(p.value, '$[1]'), '","', '", "') as features -- names alone: such a row only parts them
from installations as i
inner join configurations as c on i.configuration_id = c.configuration_id
cross join json_each(c.proxies) as p;
