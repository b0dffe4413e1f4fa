-- One row per plugin and version of it, in every 13th closed week; in every one if figures are exact.
create table weekly_plugin_versions (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                     -- name of the plugin
    version text not null,                    -- version of the plugin, '(unknown)' or '(other)'
    installations integer not null,           -- installations that have this version
    n integer not null,                       -- base of the share: installations that have the plugin
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, plugin, version)
) strict, without rowid;

select
    week_start,
    parent as plugin,
    name as version,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_cells
where mart = 'plugin_versions';
