-- The public tables and their dictionary: the dashboard shows each comment as the description of its column.
-- "Installations" counts different installations that are active and established, in groups of at least
-- min_group (see table publication); smaller groups are added together as '(other)', which follows the same rule.

create table publication (
    is_one integer primary key check (is_one = 1), -- always 1: the table has one row
    min_group integer not null,                    -- size of the smallest group of installations that is shown (k)
    established_weeks integer not null,            -- different weeks an installation must have uploaded in to count
    active_weeks integer not null,                 -- weeks for which an upload keeps its installation active
    first_week text,                               -- Monday of the first week shown; empty if nothing can be shown
    last_week text                                 -- Monday of the last week shown
) strict;

create table weekly_installations (
    week_start text primary key,              -- Monday of the week (UTC), YYYY-MM-DD
    active integer,                           -- active installations, established or not; empty to hide a small group
    established integer not null,             -- active and established installations: the headline figure
    first_seen integer,                       -- active installations new in this week; empty to hide a small group
    new_installations integer,                -- counted for the first time; empty to hide a small group
    came_back integer,                        -- counted again after a pause; empty to hide a small group
    gone integer                              -- counted the week before, not this week; empty to hide a small group
) strict, without rowid;

create table weekly_core_versions (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    core_version text not null,               -- version of Foreman as reported, or '(other)'
    series text not null,                     -- first two segments of the version, or '(other)'
    installations integer not null,           -- installations on this version
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    stage text not null,                      -- release, candidate, develop, '(unknown)' or '(other)'
    freshness text not null,                  -- latest, previous, older, ahead, '(unknown)' or '(other)'
    days_behind integer,                      -- days since the next series came out; 0 if none has
    is_in_calendar integer not null,          -- 1 if in the release calendar; 0 if placed by version order
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, core_version)
) strict, without rowid;

create table weekly_core_series (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    series text not null,                     -- first two segments of the version, '(unknown)' or '(other)'
    installations integer not null,           -- installations on this series
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    freshness text not null,                  -- latest, previous, older, ahead, '(unknown)' or '(other)'
    days_behind integer,                      -- days since the next series came out; 0 if none has
    is_in_calendar integer not null,          -- 1 if in the release calendar; 0 if placed by version order
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, series)
) strict, without rowid;

create table weekly_freshness (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    freshness text not null,                  -- latest, previous, older, ahead, '(unknown)' or '(other)'
    installations integer not null,           -- installations with this freshness
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    mean_days_behind real,                    -- mean of days_behind over the series that are shown
    primary key (week_start, freshness)
) strict, without rowid;

create table series_adoption (
    series text not null,                     -- first two segments of the version
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    released_on text not null,                -- day of the first release of the series
    days_since_release integer not null,      -- days from that release to the end of the week
    installations integer not null,           -- installations on shown versions of this series or a newer one
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    primary key (series, week_start)
) strict, without rowid;

create table series_half (
    series text primary key,                  -- first two segments of the version
    released_on text not null,                -- day of the first release of the series
    first_days integer not null,              -- days from the release to the end of the first week shown
    days_to_half integer,                     -- days until half ran it or a newer series; empty if not observed
    highest_share real not null,              -- highest share so far on it or a newer series
    share_low real not null,                  -- lower end of the 95 % interval (Wilson) of that share
    share_high real not null,                 -- upper end of the 95 % interval (Wilson) of that share
    n integer not null,                       -- base of the share: fewest established installations in any of the weeks
    sort_key text not null                    -- sorts versions by age, bands by size, '(other)' last
) strict, without rowid;

create table weekly_plugins (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                     -- name of the plugin, or '(other)'
    installations integer not null,           -- installations that have it
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    installations_year_before integer,        -- installations that had it 52 weeks earlier; empty if not shown then
    share_year_before real,                   -- their share then
    growth real,                              -- growth of the share since then, as a fraction: 0.1 is 10 % more
    primary key (week_start, plugin)
) strict, without rowid;

create table weekly_plugin_versions (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                     -- name of the plugin
    version text not null,                    -- version of the plugin, '(unknown)' or '(other)'
    installations integer not null,           -- installations that have this version
    n integer not null,                       -- base of the share: installations that have the plugin
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, plugin, version)
) strict, without rowid;

create table plugin_series (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                     -- name of the plugin
    series text not null,                     -- series of Foreman
    installations integer not null,           -- installations that have the plugin on this series
    n integer not null,                       -- base of the share: installations that have the plugin
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (plugin, series)
) strict, without rowid;

create table plugin_pairs (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                     -- name of a plugin
    other_plugin text not null,               -- name of the other plugin
    installations integer not null,           -- installations that have both
    n integer not null,                       -- base of the share: installations that have the plugin
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    primary key (plugin, other_plugin)
) strict, without rowid;

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

create table weekly_proxy_versions (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    version text not null,                    -- version of smart proxies, '(unknown)' or '(other)'
    installations integer not null,           -- installations with a proxy of this version
    proxies integer not null,                 -- smart proxies of this version
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, version)
) strict, without rowid;

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

create table weekly_compute_resources (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    compute_resource text not null,           -- type of compute resource, or '(other)'
    installations integer not null,           -- installations that have at least one of this type
    resources integer not null,               -- compute resources of this type
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    primary key (week_start, compute_resource)
) strict, without rowid;

create table weekly_sizes (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    counted text not null,                    -- plugins, proxies, compute_resources or hosts
    band text not null,                       -- how many an installation has, such as 2-4 or 10+; or '(other)'
    installations integer not null,           -- installations in this band
    n integer not null,                       -- base of the share: all established; for hosts, those that report them
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, counted, band)
) strict, without rowid;

create table weekly_retention (
    first_seen_quarter text not null,         -- quarter of their first upload, such as 2026-Q1; or '(other)'
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    installations integer not null,           -- installations first seen in that quarter that count in this week
    n integer not null,                       -- base of the share: installations of that quarter that ever counted
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    primary key (first_seen_quarter, week_start)
) strict, without rowid;

create table weekly_facts (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    key text not null,                        -- further key of the report, see transforms/catalog/fields.csv
    value text not null,                      -- word, or band of a number; or '(other)'
    installations integer not null,           -- installations that report this value
    n integer not null,                       -- base of the share: installations that report the key
    share real not null,                      -- installations / n
    share_low real not null,                  -- lower end of its 95 % interval (Wilson)
    share_high real not null,                 -- upper end of its 95 % interval (Wilson)
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, key, value)
) strict, without rowid;

create table weekly_set_aside (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    scope text not null,                      -- 'report': the whole report is excluded; 'part': only a part of it
    reason text not null,                     -- why; for an operator's rule, the reason it gives
    installations integer not null,           -- installations affected
    primary key (week_start, scope, reason)
) strict, without rowid;
