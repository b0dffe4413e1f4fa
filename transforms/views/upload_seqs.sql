-- One row per upload that is transformed: the receiver finds by it what an installation wants to see or erase.
create view upload_seqs as
select
    i.uuid,
    s.seq
from seqs as s
inner join installations as i on s.installation_id = i.installation_id;
