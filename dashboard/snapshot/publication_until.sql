select
    1 as is_one,
    e.min_group,
    e.noise,
    e.established_weeks,
    e.active_weeks,
    (select min(i.week_start) from weekly_installations as i) as first_week,
    (select max(i.week_start) from weekly_installations as i) as last_week,
    0 as is_clock_in_doubt
from editions as e
where e.edition_id = (
    select l.edition_id
    from editions as l
    order by l.week_start desc, l.revision desc
    limit 1
)
