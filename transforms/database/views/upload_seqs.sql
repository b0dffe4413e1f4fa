-- One row per upload that is transformed or set aside: the receiver finds by it what an installation wants to see or
-- erase.
create view upload_seqs as
select
    i.uuid,
    s.seq
from seqs as s
inner join installations as i on s.installation_id = i.installation_id
union all
select
    uuid,
    seq
from ruled_out;
