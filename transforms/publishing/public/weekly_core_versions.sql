-- One row per closed week and version of Foreman.
select
    c.week_start,
    c.name as core_version,
    v.series,
    c.installations,
    c.n,
    c.share,
    c.share_low,
    c.share_high,
    v.stage,
    v.freshness,
    v.days_behind,
    v.is_in_calendar,
    c.sort_key
from shown_cells as c
inner join core_names as v on c.week_start = v.week_start and c.name = v.name
where c.mart = 'core_versions'
