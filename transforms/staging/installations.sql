-- One row per installation of the batch: new ones are added, known ones take their latest upload.
insert into installations (uuid, latest_seq, latest_received_at, configuration_id)
select
    b.uuid,
    b.latest_seq,
    b.latest_received_at,
    c.configuration_id
from (
    select
        uuid,
        configuration, -- this and received_at are of the row with the highest seq, as SQLite has it beside a lone max()
        received_at as latest_received_at,
        max(seq) as latest_seq
    from batch
    group by uuid
) as b
inner join configurations as c on b.configuration = c.digest
where true
order by b.latest_seq
on conflict (uuid) do update set
    latest_seq = excluded.latest_seq,
    latest_received_at = excluded.latest_received_at,
    configuration_id = excluded.configuration_id;
