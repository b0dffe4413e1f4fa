-- What stays of uploads that are purged, and of weeks that are published.  Private.

-- One row: up to which upload nothing is lost when it goes, from before which Monday that is, and which noise key
-- the ids of cells were made under.
create table kept (
    through_seq integer not null,
    received_before text not null,
    noise_key text not null, -- its digest
    purge_id integer not null -- true_counts are without who is erased up to this purge of the log
) strict;

-- One row per installation that has uploads left: when it was first seen and established, and in how many weeks it
-- uploaded up to through_seq.
create table installations (
    uuid text primary key,
    first_week text not null,
    week_count integer not null,
    established_week text,
    capped_week text
) strict, without rowid;

-- One row per published week that can be counted again, revision and cell: how many installations were in it when its
-- figure was drawn.  A cell's id is 8 bytes, which tell its name to nobody without the key.
create table true_counts (
    week_start text not null,
    revision integer not null,
    cell_id blob not null,
    installations integer not null,
    primary key (week_start, revision, cell_id)
) strict, without rowid;
