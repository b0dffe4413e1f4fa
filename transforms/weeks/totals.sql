-- One row: how many are active at the end of the week, established, new, back and gone.
select
    (select count(*) from installations where last_week >= :oldest_week) as active,
    (select count(*) from installations where counted_as is not null) as established,
    (select count(*) from installations where first_week = :week_start) as first_seen,
    count(case when was is null and established_week = :week_start then 1 end) as new_installations,
    count(case when was is null and established_week < :week_start then 1 end) as came_back,
    count(case when becomes is null then 1 end) as gone
from changes;
