-- One row per closed week in which min_group installations or more are established.
create table weekly_installations (
    week_start text primary key,              -- Monday of the week (UTC), YYYY-MM-DD
    active integer,                           -- active installations, established or not; empty to hide a small group
    established integer not null              -- active and established installations: the headline figure
) strict, without rowid;

select
    week_start,
    active,
    established
from shown_weeks;
