-- One row per installation and week: the first weeks of those that have uploads left, as many as make it established.
insert into draft.first_weeks (uuid, week_start)
select
    i.uuid,
    w.week_start
from (
    select
        e.installation_id,
        e.week_start,
        row_number() over (partition by e.installation_id order by e.week_start) as place
    from (
        select
            installation_id,
            week_start
        from main.weekly_uploads
        union
        select
            installation_id,
            week_start
        from main.earlier_weeks
    ) as e
) as w
inner join main.installations as i on w.installation_id = i.installation_id
where
    w.place <= :established_weeks
    and w.week_start < :received_before
    and i.latest_received_at >= :received_before;
