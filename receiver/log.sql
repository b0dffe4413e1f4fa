-- The log: one row per upload, in order of arrival, only ever appended to.
-- Everything else in the project can be deleted and built again from this table.

create table if not exists uploads (
    seq integer primary key,                      -- order of arrival, from 1, without gaps
    received_at text not null                     -- receiver's clock, UTC, whole seconds; never falls along seq
    check (received_at glob '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z'),
    uuid text not null,                           -- the installation; also in the body
    body text not null,                           -- the report, byte for byte as it came
    body_sha256 blob not null check (length(body_sha256) = 32),
    configuration blob not null                   -- digest of what the report says apart from the uuid
    check (length(configuration) = 16),
    network_tag blob check (length(network_tag) = 8) -- uploads of one network in one week share it
) strict;

create trigger if not exists uploads_refuse_update before update on uploads
begin
    select raise(abort, 'the log is append-only: uploads are never changed');
end;

create trigger if not exists uploads_refuse_delete before delete on uploads
begin
    select raise(abort, 'the log is append-only: uploads are never deleted');
end;

-- Without this, "insert or replace" would take a row's place and fire no delete trigger.
create trigger if not exists uploads_grow_at_the_end before insert on uploads
when new.seq <> coalesce((select max(u.seq) from uploads as u), 0) + 1
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
