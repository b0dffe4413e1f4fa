-- One row per upload of the batch: whose it is.
insert into seqs (seq, installation_id)
select
    b.seq,
    i.installation_id
from batch as b
inner join installations as i on b.uuid = i.uuid;
