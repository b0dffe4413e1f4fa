-- One row per installation that history.db knows.
insert into earlier (uuid, first_week, week_count, established_week, capped_week)
select
    uuid,
    first_week,
    week_count,
    established_week,
    capped_week
from history.installations;
