-- One row per closed week and plugin.
select
    c.week_start,
    c.name as plugin,
    c.installations,
    c.n,
    c.share,
    c.share_low,
    c.share_high,
    y.installations as installations_year_before,
    y.share as share_year_before,
    case when y.share > 0 then round(c.share / y.share - 1, 4) end as growth
from shown_cells as c
inner join shown_weeks as w on c.week_start = w.week_start
left join shown_cells as y
    on w.year_before = y.week_start and y.mart = 'plugins' and c.parent = y.parent and c.name = y.name
where c.mart = 'plugins'
