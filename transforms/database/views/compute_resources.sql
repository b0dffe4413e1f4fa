-- One row per compute resource of each installation's latest upload, as the upload spells its type.
create view compute_resources as
select
    i.latest_seq * 32768 + r.key as id,
    i.latest_seq as upload_id,
    r.value as type
from installations as i
inner join configurations as c on i.configuration_id = c.configuration_id
cross join json_each(c.compute_resources) as r;
