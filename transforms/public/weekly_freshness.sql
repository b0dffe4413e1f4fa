-- One row per closed week and freshness, with the mean of the days behind.
select
    c.week_start,
    c.name as freshness,
    c.installations,
    c.n,
    c.share,
    c.share_low,
    c.share_high,
    s.mean_days_behind
from shown_cells as c
left join (
    select
        x.week_start,
        v.freshness,
        round(sum(1.0 * v.days_behind * x.installations) / sum(x.installations), 1) as mean_days_behind
    from shown_cells as x
    inner join core_names as v on x.week_start = v.week_start and x.name = v.name
    where x.mart = 'core_series' and v.days_behind is not null
    group by x.week_start, v.freshness
) as s on c.week_start = s.week_start and c.name = s.freshness
where c.mart = 'freshness'
