-- One row per installation that has uploads left: when it was first seen and established, and in how many weeks it
-- uploaded up to then.
select
    i.uuid,
    i.first_week,
    w.week_count,
    case when i.established_week < :received_before then i.established_week end as established_week,
    case when i.capped_week < :received_before then i.capped_week end as capped_week
from (
    select
        uuid,
        sum(week_count) as week_count
    from (
        select
            uuid,
            week_count
        from history.installations
        union all
        select
            uuid,
            count(distinct date(received_at, 'weekday 0', '-6 days')) as week_count
        from standing_uploads
        where
            seq > (select k.through_seq from history.kept as k)
            and seq <= :through_seq
            and seq not in (select r.seq from main.ruled_out as r)
        group by uuid
    )
    group by uuid
) as w
inner join main.installations as i on w.uuid = i.uuid
where i.latest_received_at >= :received_before
