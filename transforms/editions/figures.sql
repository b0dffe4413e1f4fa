-- The figures of one week that may be shown, as the models of the public tables read them.

-- One row, or none where fewer than k are established.
create temp table shown_weeks (
    week_start text primary key,
    active integer,
    established integer not null
) strict, without rowid;

-- The groups that may be shown: at least k installations, the smaller ones together in '(other)'.
create temp table shown_cells (
    week_start text not null,
    mart text not null,
    parent text not null,
    name text not null,
    installations integer not null,
    n integer not null,         -- of how many
    share real not null,        -- installations / n, at most 1
    share_low real not null,    -- its 95 % interval
    share_high real not null,
    sort_key text not null,     -- sorts versions and bands
    primary key (week_start, mart, parent, name)
) strict, without rowid;

-- What goes with a plugin, in every 13th week.
create temp table shown_pairs (
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

-- What the release calendar says of a series or version that is shown.
create temp table core_names (
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
create temp table series_releases (
    series text primary key,
    released_on text not null
) strict, without rowid;

-- What was published of the week 52 weeks before.
create temp table plugins_year_before (
    name text primary key,
    installations integer not null,
    share real not null,
    share_low real not null,
    share_high real not null
) strict, without rowid;
