-- One row per series of the last two years and closed week since its first release.
select
    c.name as series,
    c.week_start,
    r.released_on,
    v.days_since_release,
    c.installations,
    c.n,
    c.share,
    c.share_low,
    c.share_high
from shown_cells as c
inner join core_names as v on c.week_start = v.week_start and c.name = v.name
inner join series_releases as r on c.name = r.series
where c.mart = 'adoption'
