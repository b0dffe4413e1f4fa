-- One row per closed week and version of smart proxies.
create table weekly_proxy_versions (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    version text not null,                    -- version of smart proxies, '(unknown)' or '(other)'
    installations integer not null,           -- installations with a proxy of this version
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, version)
) strict, without rowid;

select
    week_start,
    name as version,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_cells
where mart = 'proxy_versions';
