-- What belongs to the batch or the week under way.
create temp table batch (
    seq integer primary key,
    received_at text not null,
    uuid text not null,
    configuration blob not null,
    network_tag blob
) strict;

create temp table changes (
    installation_id integer primary key,
    was integer,      -- the configuration it was counted as
    becomes integer,  -- the one it is counted as now
    first_week text not null,
    established_week text
) strict;
