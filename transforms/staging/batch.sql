-- One row per upload of the batch that no purge has recorded, with its week: Monday, UTC.
insert into batch (seq, week_start, received_at, uuid, configuration, network_tag)
select
    seq,
    date(received_at, 'weekday 0', '-6 days'),
    received_at,
    uuid,
    configuration,
    network_tag
from log.uploads
where
    seq > :after
    and seq <= :upto
    and seq > coalesce((
        select g.last_seq
        from log.gaps as g
        where g.first_seq <= uploads.seq
        order by g.first_seq desc
        limit 1
    ), 0);
