-- One row per series of table series_adoption.
select
    c.name as series,
    min(r.released_on) as released_on,
    min(v.days_since_release) as first_days,
    case
        when min(case when c.share >= 0.5 then v.days_since_release end) > min(v.days_since_release)
            then min(case when c.share >= 0.5 then v.days_since_release end)
    end as days_to_half,
    max(c.share) as highest_share,
    max(c.share_low) as share_low,
    max(c.share_high) as share_high,
    min(c.n) as n,
    min(r.sort_key) as sort_key
from shown_cells as c
inner join core_names as v on c.week_start = v.week_start and c.name = v.name
inner join series_releases as r on c.name = r.series
where c.mart = 'adoption'
group by c.name
