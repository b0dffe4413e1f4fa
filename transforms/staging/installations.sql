-- One row per installation: new ones are added, known ones take their latest upload.  A batch is of one week.
insert into installations (
    uuid, first_week, last_week, week_count, latest_seq, latest_received_at, configuration_id, network_tag
)
select
    b.uuid,
    :week_start,
    :week_start,
    1,
    b.seq,
    b.received_at,
    c.configuration_id,
    b.network_tag
from batch as b
inner join configurations as c on b.configuration = c.digest
where true
order by b.seq
on conflict (uuid) do update set
    week_count = week_count + (last_week <> excluded.last_week),
    last_week = excluded.last_week,
    latest_seq = excluded.latest_seq,
    latest_received_at = excluded.latest_received_at,
    configuration_id = excluded.configuration_id,
    network_tag = excluded.network_tag;
