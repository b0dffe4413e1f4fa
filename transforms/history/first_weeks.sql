-- One row per installation and week: the first weeks of those that have uploads left, as many as make it established.
insert into draft.first_weeks (uuid, week_start)
select
    w.uuid,
    w.week_start
from (
    select
        e.uuid,
        e.week_start,
        row_number() over (partition by e.uuid order by e.week_start) as place
    from (
        select
            uuid,
            date(received_at, 'weekday 0', '-6 days') as week_start
        from log.uploads
        where received_at < :received_before
        union
        select
            i.uuid,
            k.week_start
        from main.earlier_weeks as k
        inner join main.installations as i on k.installation_id = i.installation_id
    ) as e
) as w
inner join main.installations as i on w.uuid = i.uuid
where
    w.place <= :established_weeks
    and i.latest_received_at >= :received_before;
