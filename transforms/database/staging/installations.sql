-- One row per installation: new ones are added, known ones take their latest upload.  A batch is of one week.  Of new
-- ones whose first uploads are purged, history.db has told when they were first seen and established.
insert into installations (
    uuid,
    first_week,
    last_week,
    week_count,
    latest_seq,
    latest_received_at,
    configuration_id,
    network_tag,
    record_key,
    established_week,
    capped_week
)
select
    b.uuid,
    coalesce(e.first_week, :week_start),
    :week_start,
    1 + coalesce(e.week_count, 0),
    b.seq,
    b.received_at,
    c.configuration_id,
    b.network_tag,
    0, -- see record_keys
    e.established_week,
    e.capped_week
from batch as b
inner join configurations as c on b.configuration = c.digest
left join earlier as e on b.uuid = e.uuid
where true
order by b.seq
on conflict (uuid) do update set
    week_count = week_count + (last_week <> excluded.last_week),
    previous_week = case when last_week <> excluded.last_week then last_week else previous_week end,
    last_week = excluded.last_week,
    latest_seq = excluded.latest_seq,
    latest_received_at = excluded.latest_received_at,
    configuration_id = excluded.configuration_id,
    network_tag = excluded.network_tag;
