-- One row where k installations or more are established.  A total that would give a smaller group away, itself or by
-- what it leaves of another, stays empty.
insert into shown_weeks (week_start, active, established, first_seen)
select
    :week_start,
    case when active - established = 0 or active - established >= :min_group then active end,
    established,
    case
        when
            first_seen >= :min_group
            and (active - first_seen = 0 or active - first_seen >= :min_group)
            and (active - established - first_seen <= 0 or active - established - first_seen >= :min_group)
            then first_seen
    end
from (
    select
        count(*) as active,
        sum(is_established) as established,
        sum(is_first_seen) as first_seen
    from standing
)
where established >= :min_group;
