-- One row per week in which a plugin has come to at least twenty more installations, and to twice as many.
select
    'plugin' as field,
    a.name as value,
    a.week_start as first_day,
    'from ' || coalesce(b.installations, 0) || ' to ' || a.installations || ' installations within the week' as why
from shown_cells as a
left join shown_cells as b
    on a.mart = b.mart and a.parent = b.parent and a.name = b.name and b.week_start = date(a.week_start, '-7 days')
where
    a.mart = 'plugins'
    and a.name <> '(other)'
    and a.week_start > (select min(w.week_start) from shown_weeks as w)
    and a.installations >= 2 * coalesce(b.installations, 0)
    and a.installations >= coalesce(b.installations, 0) + 20
order by a.installations desc
limit 20
