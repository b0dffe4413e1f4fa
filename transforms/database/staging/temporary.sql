-- What belongs to the batch or the week under way.
create temp table batch (
    seq integer primary key,
    received_at text not null,
    uuid text not null,
    configuration blob not null,
    network_tag blob
) strict;

-- The configurations of the batch that have not been read yet, by the first upload that says each.
create temp table unread (
    seq integer primary key,
    configuration blob not null
) strict;

create temp table changes (
    installation_id integer primary key,
    was integer,      -- the configuration it was counted as
    becomes integer,  -- the one it is counted as now
    first_week text not null,
    record_key integer not null
) strict;

-- What history.db has kept of installations whose first uploads are purged, for when a rebuild meets them again.
-- Never in the file: some of them may be erased by now.
create temp table earlier (
    uuid text primary key,
    first_week text not null,
    week_count integer not null,
    established_week text,
    capped_week text
) strict, without rowid;

-- Who is being taken out of views.db.  Never in the file.
create temp table erased (
    uuid text primary key,
    installation_id integer, -- empty, like the rest, where every upload is set aside
    counted_as integer,
    first_week text,
    record_key integer
) strict, without rowid;

-- One row per upload of the log that no purge has recorded.
create temp view standing_uploads as
select
    u.seq,
    u.received_at,
    u.uuid,
    u.body,
    u.configuration,
    u.network_tag
from log.uploads as u
where u.seq > coalesce((
    select g.last_seq
    from log.gaps as g
    where g.first_seq <= u.seq
    order by g.first_seq desc
    limit 1
), 0);

-- One row per configuration that an installation has, or is counted as.
create temp view needed_configurations as
select i.configuration_id
from main.installations as i
union all
select i.counted_as
from main.installations as i
where i.counted_as is not null;

-- One row per installation, as it was at the end of the last counted week: some have uploaded since.
create temp view as_counted as
select
    i.record_key,
    i.counted_as,
    i.established_week,
    i.capped_week,
    case when i.last_week > c.counted_week then i.previous_week else i.last_week end as last_week
from main.installations as i
cross join main.checkpoint as c;
