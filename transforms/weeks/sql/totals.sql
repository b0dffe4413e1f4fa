-- One row: how many are active at the end of the week, established, new, back and gone.
with standing as (
    select
        count(case when last_week >= :oldest_week then 1 end) as active,
        count(counted_as) as established,
        count(case when first_week = :week_start then 1 end) as first_seen
    from installations
),

moved as (
    select
        count(case when was is null and established_week = :week_start then 1 end) as new_installations,
        count(case when was is null and established_week < :week_start then 1 end) as came_back,
        count(case when becomes is null then 1 end) + (select c.erased_count from checkpoint as c) as gone
    from changes
)

select
    s.active,
    s.established,
    s.first_seen,
    m.new_installations,
    m.came_back,
    m.gone
from standing as s
cross join moved as m;
