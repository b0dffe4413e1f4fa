-- The log: one row per upload, in order of arrival, only ever appended to, except for what a recorded purge deletes.
-- Everything else in the project can be deleted and built again from it.

create table if not exists uploads (
    seq integer primary key,                      -- order of arrival, from 1; missing ones are in gaps
    received_at text not null                     -- receiver's clock, UTC, whole seconds; never falls along seq
    check (received_at glob '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z'),
    uuid text not null,                           -- the installation; also in the body
    body text not null,                           -- the report, byte for byte as it arrived
    body_sha256 blob not null check (length(body_sha256) = 32),
    configuration blob not null                   -- digest of what the report says besides the uuid
    check (length(configuration) = 16),
    network_tag blob check (length(network_tag) = 8) -- uploads of one network in one week share it
) strict;

-- One row per purge: an erasure or retention.  From then on its uploads no longer count; their bytes are deleted in the
-- next night, at done_at.
create table if not exists purges (
    purge_id integer primary key,
    reason text not null check (reason in ('erasure', 'retention')),
    recorded_at text not null,
    received_before text,                         -- retention: every earlier upload is purged; a Monday
    done_at text,                                 -- when no byte was left in the log and its WAL
    check ((reason = 'retention') = (received_before is not null))
) strict;

-- One row per range of seq that a purge deletes.  Ranges never overlap.
create table if not exists gaps (
    first_seq integer primary key,
    last_seq integer not null,
    purge_id integer not null references purges (purge_id),
    check (first_seq <= last_seq)
) strict;

-- One row per erased installation.  It can only be recognised with its uuid and the key in erasures.key.
create table if not exists erasures (
    uuid_hmac blob primary key check (length(uuid_hmac) = 32),
    key_check blob not null check (length(key_check) = 8), -- identifies the key
    erased_on text not null
) strict, without rowid;

-- One row per range of seq that was imported, so that its times say nothing about the clock.
create table if not exists imports (
    first_seq integer primary key,
    last_seq integer not null,
    check (first_seq <= last_seq)
) strict;

-- One row per correction of received_at: a wrong clock had stamped these uploads with a time yet to come.
create table if not exists corrections (
    correction_id integer primary key,
    first_seq integer not null,
    last_seq integer not null,
    received_at text not null,                    -- what they have now
    recorded_at text not null,
    done_at text
) strict;

-- One row per corrected upload: the time that it had.
create table if not exists corrected_times (
    correction_id integer not null references corrections (correction_id),
    seq integer not null,
    was text not null,
    primary key (correction_id, seq)
) strict, without rowid;

-- Older logs have these triggers, which allow no exception; those below have other names.
drop trigger if exists uploads_refuse_update;
drop trigger if exists uploads_refuse_delete;
drop trigger if exists uploads_grow_at_the_end;

create trigger if not exists uploads_refuse_unrecorded_update before update on uploads
when
    (new.seq, new.uuid, new.body, new.body_sha256, new.configuration)
    <> (old.seq, old.uuid, old.body, old.body_sha256, old.configuration)
    or new.network_tag is not old.network_tag
    or not exists (
        select 1
        from corrections as c
        where
            c.done_at is null
            and old.seq between c.first_seq and c.last_seq
            and new.received_at = c.received_at
    )
begin
    select raise(abort, 'the log is append-only: uploads are never changed');
end;

create trigger if not exists imports_refuse_update before update on imports
begin
    select raise(abort, 'a recorded import is never changed');
end;

create trigger if not exists imports_refuse_delete before delete on imports
begin
    select raise(abort, 'a recorded import is never forgotten');
end;

create trigger if not exists corrections_refuse_update before update of
correction_id, first_seq, last_seq, received_at, recorded_at on corrections
begin
    select raise(abort, 'a recorded correction is never changed');
end;

create trigger if not exists corrections_refuse_delete before delete on corrections
begin
    select raise(abort, 'a recorded correction is never forgotten');
end;

create trigger if not exists uploads_refuse_unrecorded_delete before delete on uploads
when
    old.seq > coalesce((
        select g.last_seq
        from gaps as g
        where g.first_seq <= old.seq
        order by g.first_seq desc
        limit 1
    ), 0)
begin
    select raise(abort, 'the log is append-only: only what a purge has recorded is deleted');
end;

-- Without this, "insert or replace" would replace a row without firing a delete trigger.
create trigger if not exists uploads_take_the_next_seq before insert on uploads
when
    new.seq <> 1 + max(
        coalesce((select max(u.seq) from uploads as u), 0),
        coalesce((select max(g.last_seq) from gaps as g), 0)
    )
begin
    select raise(abort, 'the log is append-only: an upload takes the next seq');
end;

create trigger if not exists uploads_keep_time before insert on uploads
when
    new.received_at < (
        select u.received_at
        from uploads as u
        order by u.seq desc
        limit 1
    )
begin
    select raise(abort, 'received_at never falls along the log');
end;

create trigger if not exists gaps_never_overlap before insert on gaps
when
    new.first_seq <= coalesce((
        select g.last_seq
        from gaps as g
        where g.first_seq <= new.last_seq
        order by g.first_seq desc
        limit 1
    ), 0)
begin
    select raise(abort, 'a gap is recorded once');
end;

create trigger if not exists gaps_refuse_update before update on gaps
begin
    select raise(abort, 'a recorded gap is never changed');
end;

create trigger if not exists gaps_refuse_delete before delete on gaps
begin
    select raise(abort, 'a recorded gap is never forgotten');
end;

create trigger if not exists purges_refuse_update before update of
purge_id, reason, recorded_at, received_before on purges
begin
    select raise(abort, 'a recorded purge is never changed');
end;

create trigger if not exists purges_refuse_delete before delete on purges
begin
    select raise(abort, 'a recorded purge is never forgotten');
end;

create trigger if not exists erasures_refuse_update before update on erasures
begin
    select raise(abort, 'an erasure is never changed');
end;

create trigger if not exists erasures_refuse_delete before delete on erasures
begin
    select raise(abort, 'an erasure is never forgotten');
end;
