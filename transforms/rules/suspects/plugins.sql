-- One row per week in which a plugin has come to at least twenty more installations, and to twice as many: of published
-- weeks, and of the one that waits to be published.
with counted as (
    select
        week_start,
        plugin,
        installations
    from public.weekly_plugins
    where plugin <> '(other)'
    union all
    select
        p.counted_week,
        k.name,
        c.installations
    from cells as c
    inner join keys as k on c.key_id = k.key_id
    cross join checkpoint as p
    where k.mart = 'plugins' and p.counted_week not in (select w.week_start from public.weekly_installations as w)
)

select
    'plugin' as field,
    a.plugin as value,
    a.week_start as first_day,
    'from ' || coalesce(b.installations, 0) || ' to ' || a.installations || ' installations within the week' as why
from counted as a
left join counted as b on a.plugin = b.plugin and b.week_start = date(a.week_start, '-7 days')
where
    a.week_start > (select min(w.week_start) from public.weekly_installations as w)
    and a.installations >= 2 * coalesce(b.installations, 0)
    and a.installations >= coalesce(b.installations, 0) + 20
order by a.installations desc
limit 20
