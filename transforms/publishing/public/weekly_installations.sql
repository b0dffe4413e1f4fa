-- One row per closed week in which min_group installations or more are established.
select
    week_start,
    active,
    established,
    first_seen,
    new_installations,
    came_back,
    gone
from shown_weeks
