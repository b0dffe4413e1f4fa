-- Instead of the uploads that no purge has recorded, those of erased_uploads.
create temp view standing_uploads as
select
    u.seq,
    u.received_at,
    u.uuid,
    u.body,
    u.configuration,
    u.network_tag
from erased_uploads as e
cross join log.uploads as u on e.seq = u.seq; -- in this order, as they are few
