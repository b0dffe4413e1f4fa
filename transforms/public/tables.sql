-- The public tables, and their dictionary: the dashboard shows each comment as the column's description.
-- "Installations" counts different installations that are active and established, in groups of at least
-- min_group (see table publication); smaller groups are together in '(other)', which keeps to the same rule.

create table publication (
    is_one integer primary key check (is_one = 1), -- always 1: the table has one row
    min_group integer not null,                    -- smallest group of installations that is shown (k)
    established_weeks integer not null,            -- different weeks an installation must have uploaded in to count
    active_weeks integer not null,                 -- weeks for which an upload keeps its installation active
    first_week text,                               -- Monday of the first week shown; empty: nothing can be shown
    last_week text                                 -- Monday of the last week shown
) strict;

create table weekly_installations (
    week_start text primary key,                   -- Monday of the week (UTC), YYYY-MM-DD
    active integer,                                -- active installations, established or not; empty to protect a group
    established integer not null,                  -- active and established installations: the headline figure
    first_seen integer                             -- active installations new in this week; empty to protect a group
) strict, without rowid;

create table weekly_core_versions (
    week_start text not null,                      -- Monday of the week (UTC), YYYY-MM-DD
    core_version text not null,                    -- version of Foreman as reported, or '(other)'
    series text not null,                          -- first two segments of the version, or '(other)'
    installations integer not null,                -- installations on this version
    primary key (week_start, core_version)
) strict, without rowid;

create table weekly_plugins (
    week_start text not null,                      -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                          -- name of the plugin, or '(other)'
    installations integer not null,                -- installations that have it
    primary key (week_start, plugin)
) strict, without rowid;

create table weekly_plugin_versions (
    week_start text not null,                      -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                          -- name of the plugin
    version text not null,                         -- version of the plugin, '(unknown)' or '(other)'
    installations integer not null,                -- installations that have this version
    primary key (week_start, plugin, version)
) strict, without rowid;

create table weekly_proxy_features (
    week_start text not null,                      -- Monday of the week (UTC), YYYY-MM-DD
    feature text not null,                         -- feature of a smart proxy, or '(other)'
    installations integer not null,                -- installations with this feature on any of their proxies
    proxies integer not null,                      -- smart proxies with this feature
    primary key (week_start, feature)
) strict, without rowid;

create table weekly_proxy_versions (
    week_start text not null,                      -- Monday of the week (UTC), YYYY-MM-DD
    version text not null,                         -- version of smart proxies, '(unknown)' or '(other)'
    installations integer not null,                -- installations with a proxy of this version
    proxies integer not null,                      -- smart proxies of this version
    primary key (week_start, version)
) strict, without rowid;

create table weekly_compute_resources (
    week_start text not null,                      -- Monday of the week (UTC), YYYY-MM-DD
    compute_resource text not null,                -- type of compute resource, or '(other)'
    installations integer not null,                -- installations that have one or more of it
    resources integer not null,                    -- compute resources of this type
    primary key (week_start, compute_resource)
) strict, without rowid;
