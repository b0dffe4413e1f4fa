-- One row per installation that has uploads left: when it was first seen and established, and in how many weeks it
-- uploaded up to then.
with newly_kept as (
    select
        s.installation_id,
        -- a week as a whole number, because every upload that goes is sorted by it
        count(distinct cast(julianday(date(u.received_at, 'weekday 0')) as integer)) as week_count
    from standing_uploads as u
    inner join main.seqs as s on u.seq = s.seq
    where u.seq > (select k.through_seq from history.kept as k) and u.seq <= :through_seq
    group by s.installation_id
)

select
    i.uuid,
    i.first_week,
    coalesce(h.week_count, 0) + coalesce(w.week_count, 0) as week_count,
    case when i.established_week < :received_before then i.established_week end as established_week,
    case when i.capped_week < :received_before then i.capped_week end as capped_week
from main.installations as i
left join history.installations as h on i.uuid = h.uuid
left join newly_kept as w on i.installation_id = w.installation_id
where i.latest_received_at >= :received_before and coalesce(h.uuid, w.installation_id) is not null
union all
-- Whose remaining uploads a rule sets aside: once it is gone, they count as before.
select
    h.uuid,
    h.first_week,
    h.week_count,
    h.established_week,
    h.capped_week
from history.installations as h
where
    h.uuid in (
        select r.uuid from main.ruled_out as r
        where r.seq > :through_seq
    )
    and h.uuid not in (select i.uuid from main.installations as i)
