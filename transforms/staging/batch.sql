-- One row per upload of the batch, with its week: Monday, UTC.
insert into batch (seq, week_start, received_at, uuid, configuration, network_tag)
select
    seq,
    date(received_at, 'weekday 0', '-6 days'),
    received_at,
    uuid,
    configuration,
    network_tag
from log.uploads
where seq > :after and seq <= :upto;
