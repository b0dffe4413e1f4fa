-- One row per upload of the batch.
insert into batch (seq, received_at, uuid, configuration, network_tag)
select
    seq,
    received_at,
    uuid,
    configuration,
    network_tag
from log.uploads
where seq > :after and seq <= :upto and received_at < :next_week;
