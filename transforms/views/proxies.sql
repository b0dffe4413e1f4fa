-- One row per smart proxy of each installation's latest upload; features is a JSON array.
create view proxies as
select
    i.latest_seq * 32768 + p.position as id,
    i.latest_seq as upload_id,
    version.text as version,
    features.text as features
from installations as i
inner join configuration_proxies as p on i.configuration_id = p.configuration_id
inner join texts as features on p.features = features.text_id
left join texts as version on p.version = version.text_id;
