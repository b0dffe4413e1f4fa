-- One row per upload of the batch that no purge has recorded.
insert into batch (seq, received_at, uuid, configuration, network_tag)
select
    seq,
    received_at,
    uuid,
    configuration,
    network_tag
from standing_uploads
where seq > :after and seq <= :upto and received_at < :next_week;
