-- One row per installation that a purge recorded since the last refresh erases, as views.db knows it: by its uploads,
-- or only by those that a rule sets aside.
insert into erased (uuid, installation_id, counted_as, first_week, record_key)
with gone as (
    select
        g.first_seq,
        g.last_seq
    from log.gaps as g
    inner join log.purges as p on g.purge_id = p.purge_id
    where
        p.reason = 'erasure'
        and p.purge_id > (select c.purge_id from main.checkpoint as c)
        and p.purge_id <= :purge_id
)

select
    i.uuid,
    i.installation_id,
    i.counted_as,
    i.first_week,
    i.record_key
from main.installations as i
where
    i.installation_id in (
        select s.installation_id
        from gone as g
        cross join main.seqs as s -- in this order, as seqs are found by range
        where s.seq between g.first_seq and g.last_seq
    )
union
select
    r.uuid,
    i.installation_id,
    i.counted_as,
    i.first_week,
    i.record_key
from gone as g
cross join main.ruled_out as r
left join main.installations as i on r.uuid = i.uuid
where r.seq between g.first_seq and g.last_seq;
