-- One row per quarter in which installations were first seen, and closed week.
create table weekly_retention (
    first_seen_quarter text not null,         -- quarter of their first upload, such as 2026-Q1; or '(other)'
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    installations integer not null,           -- installations first seen in that quarter that count in this week
    highest integer,                          -- base of the share: highest figure of the quarter so far; else empty
    share real not null,                      -- installations / highest, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    primary key (first_seen_quarter, week_start)
) strict, without rowid;

select
    name as first_seen_quarter,
    week_start,
    installations,
    n as highest,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'quarters';
