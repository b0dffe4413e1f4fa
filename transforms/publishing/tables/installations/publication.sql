-- One row: what the figures rest on.
create table publication (
    is_one integer primary key check (is_one = 1), -- always 1: the table has one row
    min_group integer not null,                    -- size of the smallest group of installations that is shown (k)
    established_weeks integer not null,            -- different weeks an installation must have uploaded in to count
    active_weeks integer not null,                 -- weeks for which an upload keeps its installation active
    first_week text,                               -- Monday of the first week shown; empty if nothing can be shown
    last_week text,                                -- Monday of the last week shown
    is_clock_in_doubt integer not null             -- 1 while no week is closed because the receiver's clock is in doubt
) strict;

select
    1 as is_one,
    :min_group as min_group,
    :established_weeks as established_weeks,
    :active_weeks as active_weeks,
    min(week_start) as first_week,
    max(week_start) as last_week,
    :is_clock_in_doubt as is_clock_in_doubt
from shown_weeks;
