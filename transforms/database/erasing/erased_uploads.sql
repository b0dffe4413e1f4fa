-- One row per upload that the purges after :after, up to :upto, have recorded as erased and the night has not deleted.
create temp table erased_uploads as
select u.seq
from log.purges as p
inner join log.gaps as g on p.purge_id = g.purge_id
cross join log.uploads as u -- in this order, as seqs are found by range
where
    p.reason = 'erasure'
    and p.purge_id > :after
    and p.purge_id <= :upto
    and u.seq between g.first_seq and g.last_seq;
