-- What the pipeline keeps between two runs.  Private and disposable: all of it is rebuilt from the log.

-- One row: how far the log has been transformed.
create table checkpoint (
    is_one integer primary key check (is_one = 1),
    seq integer not null,      -- highest seq transformed
    method text not null,      -- digest of how reports are read; another method rebuilds everything
    counting text not null,    -- digest of how weeks are counted; another way recounts all weeks
    publication text not null, -- digest of how the figures that stand published were; empty where they are to be anew
    purge_id integer not null  -- the last purge of the log that these tables know of
) strict;

-- Every string that a report may repeat, once.
create table texts (
    text_id integer primary key,
    text text not null unique
) strict;

-- One row per distinct report, apart from who sent it.
create table configurations (
    configuration_id integer primary key,
    digest blob not null unique,
    first_seq integer not null,    -- an upload whose body says it
    core_version integer references texts (text_id)
) strict;

create table configuration_plugins (
    configuration_id integer not null references configurations (configuration_id),
    position integer not null,
    name integer not null references texts (text_id),
    version integer references texts (text_id),
    primary key (configuration_id, position)
) strict, without rowid;

create table configuration_proxies (
    configuration_id integer not null references configurations (configuration_id),
    position integer not null,
    version integer references texts (text_id),
    features integer not null references texts (text_id), -- a JSON array
    primary key (configuration_id, position)
) strict, without rowid;

create table configuration_compute_resources (
    configuration_id integer not null references configurations (configuration_id),
    position integer not null,
    type integer not null references texts (text_id),
    primary key (configuration_id, position)
) strict, without rowid;

create table configuration_facts (
    configuration_id integer not null references configurations (configuration_id),
    key integer not null references texts (text_id),
    value text not null, -- a string as it stands, anything else as JSON
    type text not null,  -- as SQLite's json_each names it
    primary key (configuration_id, key)
) strict, without rowid;

create table configuration_set_aside (
    configuration_id integer not null references configurations (configuration_id),
    place integer not null references texts (text_id),  -- JSON pointer into the report
    reason integer not null references texts (text_id),
    primary key (configuration_id, place)
) strict, without rowid;

-- Everything an installation can be counted under.
create table keys (
    key_id integer primary key,
    mart text not null,
    parent text not null,              -- the plugin of a plugin's version; else empty
    name text not null,
    is_publishable integer not null,   -- of safe characters only
    is_known integer not null,         -- in the catalogue
    unique (mart, parent, name)
) strict;

create table configuration_keys (
    configuration_id integer not null references configurations (configuration_id),
    key_id integer not null references keys (key_id),
    parts integer not null,            -- how many proxies or compute resources; 1 where there is nothing to count
    primary key (configuration_id, key_id)
) strict, without rowid;

-- The first two segments of every version of Foreman that was reported.
create table core_series (
    core_version text primary key,
    series text not null
) strict, without rowid;

-- One row per uuid, with its latest upload.
create table installations (
    installation_id integer primary key,
    uuid text not null unique,
    first_week text,
    week_count integer not null default 0,  -- different weeks with an upload
    established_week text,                  -- the week in which it had enough of them
    latest_seq integer not null,
    latest_received_at text not null,
    configuration_id integer not null references configurations (configuration_id)
) strict;

-- One row per week and installation that uploaded in it: the week's last upload.
create table weekly_uploads (
    week_start text not null,
    installation_id integer not null references installations (installation_id),
    configuration_id integer not null references configurations (configuration_id),
    network_tag blob,
    primary key (week_start, installation_id)
) strict, without rowid;

-- Whose each upload is.  By seq, so that it only ever grows at its end; who looks for one installation reads all of it.
create table seqs (
    seq integer primary key,
    installation_id integer not null references installations (installation_id)
) strict;

-- The first weeks of an installation whose uploads of that time are purged, as history.db has kept them.
create table earlier_weeks (
    installation_id integer not null references installations (installation_id),
    week_start text not null,
    primary key (installation_id, week_start)
) strict, without rowid;

-- The weeks whose figures stand in the tables below.
create table counted_weeks (
    week_start text primary key
) strict, without rowid;

-- The week's totals that may be shown.
create table shown_weeks (
    week_start text primary key,
    active integer,
    established integer not null,
    first_seen integer
) strict, without rowid;

-- The week's groups that may be shown: at least k installations, the smaller ones together in '(other)'.
create table shown_cells (
    week_start text not null,
    mart text not null,
    parent text not null,
    name text not null,
    installations integer not null,
    parts integer not null,
    primary key (week_start, mart, parent, name)
) strict, without rowid;
