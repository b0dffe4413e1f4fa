-- One row per closed week and freshness, with the mean of the days behind.
create table weekly_freshness (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    freshness text not null,                  -- latest, previous, older, ahead, '(unknown)' or '(other)'
    installations integer not null,           -- installations with this freshness
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    mean_days_behind real,                    -- mean of days_behind over the series that are shown
    primary key (week_start, freshness)
) strict, without rowid;

select
    c.week_start,
    c.name as freshness,
    c.installations,
    c.n,
    c.share,
    c.share_low,
    c.share_high,
    round(sum(1.0 * v.days_behind * s.installations) / sum(s.installations), 1) as mean_days_behind
from shown_cells as c
left join core_names as v on c.week_start = v.week_start and c.name = v.freshness
left join shown_cells as s on v.week_start = s.week_start and v.name = s.name and s.mart = 'core_series'
where c.mart = 'freshness'
group by c.week_start, c.name, c.installations, c.n, c.share, c.share_low, c.share_high;
