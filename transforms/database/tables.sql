-- What the pipeline keeps between two runs.  Private and disposable: all of it is rebuilt from the log.

-- One row: how far the log has been transformed.
create table checkpoint (
    is_one integer primary key check (is_one = 1),
    seq integer not null,      -- highest seq transformed
    open_week text,            -- the week of the last upload; those before it are counted for good
    counted_week text,         -- the last week that is counted: cells and counted_as are as at its end
    looked_until text,         -- the last week that was due when those from open_week on were looked at
    counted_until text,        -- the week that was under way then
    method text not null,      -- digest of what the figures rest on; another one rebuilds everything
    published_as text not null, -- digest of what public.db was made of
    purge_id integer not null, -- the last purge of the log that these tables know of
    correction_id integer not null, -- the last correction of times in the log that they know of
    kept_configurations integer not null, -- how many there were when those that nothing needs were last dropped
    kept_keys integer not null, -- the same of keys
    intact_files text not null -- signatures of history.db and editions.db as they were last found intact
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
    is_known integer not null,       -- in the catalogue, or listed by the operator
    is_plain integer not null,       -- a version of the plain grammar
    unique (mart, parent, name)
) strict;

-- What each configuration counts under: a packed array of key_id, 4 bytes each, each once.  Kept narrow: every week
-- reads it.
create table configuration_keys (
    configuration_id integer primary key references configurations (configuration_id),
    keys blob not null
) strict;

-- One row per network that has added names in the open week: how many that are not known.
create table new_names (
    network_tag blob primary key,
    names integer not null
) strict, without rowid;

-- One row per uuid, with its latest upload.
create table installations (
    installation_id integer primary key,
    uuid text not null unique,
    first_week text not null,
    last_week text not null,
    previous_week text,              -- the last week with an upload before last_week
    week_count integer not null,     -- different weeks with an upload
    latest_seq integer not null,
    latest_received_at text not null,
    configuration_id integer not null references configurations (configuration_id),
    network_tag blob,
    record_key integer not null,     -- secret number of 32 bits, which the noise on its cells rests on
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
    record_keys integer not null -- the sum over them
) strict;
