-- One row per closed week and distance of smart proxies from their Foreman.
create table weekly_proxy_skew (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    skew text not null,                       -- how many series the smart proxy is older or newer than its Foreman
    installations integer not null,           -- installations with a proxy at this distance
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    primary key (week_start, skew)
) strict, without rowid;

select
    week_start,
    name as skew,
    installations,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'proxy_skew';
