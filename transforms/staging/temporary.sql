-- What belongs to the batch or the week under way.
create temp table batch (
    seq integer primary key,
    week_start text not null,
    received_at text not null,
    uuid text not null,
    configuration blob not null,
    network_tag blob
) strict;

create temp table new_weeks (
    installation_id integer not null,
    week_start text not null,
    primary key (installation_id, week_start)
) strict, without rowid;

create temp table standing (
    installation_id integer primary key,
    configuration_id integer not null,
    network_tag blob,
    is_established integer not null,
    is_first_seen integer not null
) strict;

create temp table cells (
    key_id integer primary key,
    installations integer not null,
    parts integer not null
) strict;

create temp table hidden_keys (
    key_id integer primary key
) strict;
