-- One row per installation: its latest upload.  id is the upload's seq.
create view uploads as
select
    i.latest_seq as id,
    i.uuid,
    c.core_version,
    i.latest_received_at as received_at,
    i.first_week,
    i.week_count
from installations as i
inner join configurations as c on i.configuration_id = c.configuration_id;
