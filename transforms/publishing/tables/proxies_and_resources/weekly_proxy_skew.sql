-- One row per closed week and distance of smart proxies from their Foreman.
create table weekly_proxy_skew (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    skew text not null,                       -- how many series the smart proxy is older or newer than its Foreman
    installations integer not null,           -- installations with a proxy at this distance
    proxies integer not null,                 -- smart proxies at this distance
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    primary key (week_start, skew)
) strict, without rowid;

select
    week_start,
    name as skew,
    installations,
    parts as proxies,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'proxy_skew';
