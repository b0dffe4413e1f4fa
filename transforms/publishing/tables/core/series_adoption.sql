-- One row per series of the last two years and closed week since its first release.
create table series_adoption (
    series text not null,                     -- first two segments of the version
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    released_on text not null,                -- day of the first release of the series
    days_since_release integer not null,      -- days from that release to the end of the week
    installations integer not null,           -- installations on this series or a newer one
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    primary key (series, week_start)
) strict, without rowid;

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
where c.mart = 'adoption';
