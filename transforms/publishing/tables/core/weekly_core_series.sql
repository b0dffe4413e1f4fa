-- One row per closed week and series of Foreman.
create table weekly_core_series (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    series text not null,                     -- first two segments of the version, '(unknown)' or '(other)'
    installations integer not null,           -- installations on this series
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    freshness text not null,                  -- latest, previous, older, ahead, '(unknown)' or '(other)'
    days_behind integer,                      -- days since the next series came out; 0 if none has
    is_in_calendar integer not null,          -- 1 if in the release calendar; 0 if placed by version order
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, series)
) strict, without rowid;

select
    c.week_start,
    c.name as series,
    c.installations,
    c.n,
    c.share,
    c.share_low,
    c.share_high,
    v.freshness,
    v.days_behind,
    v.is_in_calendar,
    c.sort_key
from shown_cells as c
inner join core_names as v on c.week_start = v.week_start and c.name = v.name
where c.mart = 'core_series';
