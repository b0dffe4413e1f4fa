-- Count the new weeks of each installation; note its first, and the one in which it has enough to be established.
update installations
set
    first_week = coalesce(installations.first_week, n.first_week),
    week_count = installations.week_count + n.week_count,
    established_week = coalesce(installations.established_week, n.established_week)
from (
    select
        p.installation_id,
        count(*) as week_count,
        min(p.week_start) as first_week,
        max(case when p.place = :established_weeks then p.week_start end) as established_week
    from (
        select
            w.installation_id,
            w.week_start,
            i.week_count + row_number() over (partition by w.installation_id order by w.week_start) as place
        from new_weeks as w
        inner join installations as i on w.installation_id = i.installation_id
    ) as p
    group by p.installation_id
) as n
where installations.installation_id = n.installation_id;
