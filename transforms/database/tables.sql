-- What the pipeline keeps between two runs.  Private and disposable: all of it is rebuilt from the log.

-- One row: how far the log has been transformed.
create table checkpoint (
    is_one integer primary key check (is_one = 1),
    seq integer not null,      -- highest seq transformed
    open_week text,            -- the week of the last upload; those before it are counted for good
    counted_until text,        -- the week that was under way when those from open_week on were counted ahead
    method text not null,      -- digest of what the figures rest on; another one rebuilds everything
    published_as text not null, -- digest of how the figures were published; empty where they have changed since
    purge_id integer not null, -- the last purge of the log that these tables know of
    correction_id integer not null, -- the last correction of times in the log that they know of
    kept_configurations integer not null, -- how many there were when those that nothing needs were last dropped
    kept_keys integer not null, -- the same of keys
    erased_count integer not null, -- installations that the last counted week has and that are erased since
    history_file text not null -- signature of history.db as it was last found intact
) strict;

-- One row per distinct report, apart from who sent it.  Lists are JSON arrays.
create table configurations (
    configuration_id integer primary key,
    digest blob not null unique,
    core_version text not null,
    plugins text not null,           -- [name, version]
    proxies text not null,           -- [version, [features]]
    compute_resources text not null,
    facts text not null,             -- [key, value, type as json_each names it]
    set_aside text not null          -- [JSON pointer, reason]
) strict;

-- Everything an installation can be counted under.
create table keys (
    key_id integer primary key,
    mart text not null,
    parent text not null,            -- the plugin of a plugin's version, the further key of a word; else empty
    name text not null,
    is_publishable integer not null, -- of safe characters only
    is_known integer not null,       -- in the catalogue
    is_common integer not null,      -- was reported from k networks at the end of a week
    unique (mart, parent, name)
) strict;

-- What each configuration counts under: packed arrays of key_id, 4 bytes each.  Kept narrow, as every week reads it.
create table configuration_keys (
    configuration_id integer primary key references configurations (configuration_id),
    keys blob not null,      -- each once
    more_parts blob not null -- again for the second and each further proxy or compute resource
) strict;

-- One row per network that has added names in the open week: how many that are not in the catalogue.
create table new_names (
    network_tag blob primary key,
    names integer not null
) strict, without rowid;

-- Where names stand that are neither known nor common, to find the networks they come from.
create table uncommon_keys (
    configuration_id integer not null references configurations (configuration_id),
    key_id integer not null references keys (key_id),
    primary key (configuration_id, key_id)
) strict, without rowid;

-- One row per uuid, with its latest upload.
create table installations (
    installation_id integer primary key,
    uuid text not null unique,
    first_week text not null,
    last_week text not null,
    week_count integer not null,     -- different weeks with an upload
    latest_seq integer not null,
    latest_received_at text not null,
    configuration_id integer not null references configurations (configuration_id),
    network_tag blob,
    established_week text,           -- the week in which it had enough weeks
    capped_week text,                -- the same, where too many of its network had so in one week: it never counts
    counted_as integer references configurations (configuration_id) -- as the last counted week has it, if it does
) strict;

-- Whose each upload is.  By seq, so that it only ever grows at its end; who looks for one installation reads all of it.
create table seqs (
    seq integer primary key,
    installation_id integer not null references installations (installation_id)
) strict;

-- One row per upload that falls under a rule of the operator.
create table ruled_out (
    seq integer primary key,
    week_start text not null,
    uuid text not null,
    reason text not null
) strict;

-- How many stand under each key at the end of the last counted week; none of keys without any.
create table cells (
    key_id integer primary key references keys (key_id),
    installations integer not null,
    parts integer not null
) strict;

-- The week's totals that may be shown.
create table shown_weeks (
    week_start text primary key,
    active integer,
    established integer not null,
    first_seen integer,
    new_installations integer,
    came_back integer,
    gone integer,
    year_before text not null, -- Monday 52 weeks before
    min_group integer not null -- the k that the week was counted with
) strict, without rowid;

-- The week's groups that may be shown: at least k installations, the smaller ones together in '(other)'.
create table shown_cells (
    week_start text not null,
    mart text not null,
    parent text not null,
    name text not null,
    installations integer not null,
    parts integer not null,
    n integer not null,         -- of how many
    share real not null,        -- installations / n
    share_low real not null,    -- Wilson's interval, 95 %
    share_high real not null,
    sort_key text not null,     -- sorts versions and bands
    primary key (week_start, mart, parent, name)
) strict, without rowid;

-- What the release calendar says of a series or version that is shown in a week.
create table core_names (
    week_start text not null,
    name text not null,
    series text not null,
    stage text not null,
    freshness text not null,
    days_behind integer,
    days_since_release integer,
    is_in_calendar integer not null,
    primary key (week_start, name)
) strict, without rowid;

-- The release calendar by series: those that have a release.
create table series_releases (
    series text primary key,
    released_on text not null,
    sort_key text not null
) strict, without rowid;

-- What goes together in the last week that has figures.
create table shown_pairs (
    week_start text not null,
    mart text not null,         -- plugin_pairs or plugin_series
    name text not null,
    other_name text not null,
    installations integer not null,
    n integer not null,         -- installations that have the name
    share real not null,
    share_low real not null,
    share_high real not null,
    sort_key text not null,
    primary key (mart, name, other_name)
) strict, without rowid;
