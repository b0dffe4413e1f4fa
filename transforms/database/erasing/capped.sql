-- One row per erased installation that never counted, because too many of its network were established in one week.
insert or replace into earlier (uuid, first_week, week_count, established_week, capped_week)
select
    uuid,
    first_week,
    week_count,
    established_week,
    capped_week
from known.installations
where capped_week is not null and uuid in (select s.uuid from standing_uploads as s);
