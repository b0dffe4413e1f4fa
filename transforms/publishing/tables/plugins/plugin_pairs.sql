-- One row per plugin and plugin that goes with it, in every 13th closed week.
create table plugin_pairs (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                     -- name of a plugin
    other_plugin text not null,               -- name of the other plugin
    installations integer not null,           -- installations that have both
    n integer not null,                       -- base of the share: installations that have the plugin
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    primary key (week_start, plugin, other_plugin)
) strict, without rowid;

select
    week_start,
    name as plugin,
    other_name as other_plugin,
    installations,
    n,
    share,
    share_low,
    share_high
from shown_pairs
where mart = 'plugin_pairs';
