-- One row per smart proxy of each installation's latest upload; features is a JSON array.
create view proxies as
select
    i.latest_seq * 32768 + p.key as id,
    i.latest_seq as upload_id,
    json_extract(p.value, '$[0]') as version,
    json_extract(p.value, '$[1]') as features
from installations as i
inner join configurations as c on i.configuration_id = c.configuration_id
inner join json_each(c.proxies) as p;
