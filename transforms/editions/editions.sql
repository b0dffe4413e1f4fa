-- Every closed week as it was published.  It holds nothing that is not public, and is only ever appended to.
create table editions (
    edition_id integer primary key,     -- order of publication
    week_start text not null,           -- Monday of the week (UTC), YYYY-MM-DD
    revision integer not null,          -- 1; one more each time the week was counted again
    published_on text not null,         -- day of publication (UTC), YYYY-MM-DD
    min_group integer not null,         -- smallest figure that is shown (k)
    noise integer not null,             -- standard deviation of the noise on every figure; 0: exact figures
    established_weeks integer not null, -- POPCON_ESTABLISHED_WEEKS of that day
    active_weeks integer not null,      -- POPCON_ACTIVE_DAYS of that day, in weeks
    reason text not null,               -- why the week was counted again; empty in revision 1
    sha256 text not null,               -- of header and rows
    unique (week_start, revision)
) strict;

-- The rows that each public table has of the week; none of a table without any.
create table edition_tables (
    edition_id integer not null references editions (edition_id),
    table_name text not null,
    column_names text not null,         -- JSON array
    row_values text not null,           -- JSON array of arrays, in the order of the names
    primary key (edition_id, table_name)
) strict;

create trigger editions_are_not_changed before update on editions
begin
    select raise(abort, 'an edition is published once: editions.db is only appended to');
end;

create trigger editions_are_not_deleted before delete on editions
begin
    select raise(abort, 'an edition is published once: editions.db is only appended to');
end;

create trigger rows_are_not_changed before update on edition_tables
begin
    select raise(abort, 'an edition is published once: editions.db is only appended to');
end;

create trigger rows_are_not_deleted before delete on edition_tables
begin
    select raise(abort, 'an edition is published once: editions.db is only appended to');
end;
