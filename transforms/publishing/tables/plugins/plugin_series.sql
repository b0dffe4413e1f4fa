-- One row per plugin and series it stands on, in every 13th closed week.
create table plugin_series (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                     -- name of the plugin
    series text not null,                     -- series of Foreman
    installations integer not null,           -- installations that have the plugin on this series
    n integer not null,                       -- base of the share: installations that have the plugin
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, plugin, series)
) strict, without rowid;

select
    week_start,
    name as plugin,
    other_name as series,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_pairs
where mart = 'plugin_series';
