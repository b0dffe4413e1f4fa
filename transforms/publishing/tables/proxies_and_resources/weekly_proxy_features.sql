-- One row per closed week and smart-proxy feature.
create table weekly_proxy_features (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    feature text not null,                    -- feature of a smart proxy, or '(other)'
    installations integer not null,           -- installations with this feature on any of their proxies
    proxies integer not null,                 -- smart proxies with this feature
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    primary key (week_start, feature)
) strict, without rowid;

select
    week_start,
    name as feature,
    installations,
    parts as proxies,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'proxy_features';
