-- One row per closed week and smart-proxy feature.
create table weekly_proxy_features (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    feature text not null,                    -- feature of a smart proxy, or '(other)'
    installations integer not null,           -- installations with this feature on any of their proxies
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    primary key (week_start, feature)
) strict, without rowid;

select
    week_start,
    name as feature,
    installations,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'proxy_features';
