-- One row per closed week in which min_group installations or more are established.
create table weekly_installations (
    week_start text primary key,              -- Monday of the week (UTC), YYYY-MM-DD
    active integer,                           -- active installations, established or not; empty to hide a small group
    established integer not null,             -- active and established installations: the headline figure
    first_seen integer,                       -- active installations new in this week; empty to hide a small group
    new_installations integer,                -- counted for the first time; empty to hide a small group
    came_back integer,                        -- counted again after a pause; empty to hide a small group
    gone integer                              -- counted the week before, not this week; empty to hide a small group
) strict, without rowid;

select
    week_start,
    active,
    established,
    first_seen,
    new_installations,
    came_back,
    gone
from shown_weeks;
