-- One row: what the figures of the latest edition rest on.
create table publication (
    is_one integer primary key check (is_one = 1), -- always 1: the table has one row
    min_group integer not null,                    -- smallest figure that is shown (k)
    noise integer not null,                        -- standard deviation of the noise on every figure; 0: exact figures
    established_weeks integer not null,            -- different weeks an installation must have uploaded in to count
    active_weeks integer not null,                 -- weeks for which an upload keeps its installation active
    first_week text,                               -- Monday of the first week shown; empty if nothing can be shown
    last_week text,                                -- Monday of the last week shown
    is_clock_in_doubt integer not null             -- 1 while no week is closed because the receiver's clock is in doubt
) strict;

select
    1 as is_one,
    coalesce(e.min_group, :min_group) as min_group,
    coalesce(e.noise, :noise) as noise,
    coalesce(e.established_weeks, :established_weeks) as established_weeks,
    coalesce(e.active_weeks, :active_weeks) as active_weeks,
    w.first_week,
    w.last_week,
    :is_clock_in_doubt as is_clock_in_doubt
from (
    select
        min(week_start) as first_week,
        max(week_start) as last_week
    from weekly_installations
) as w
left join editions as e on e.edition_id = (
    select l.edition_id
    from editions as l
    order by l.week_start desc, l.revision desc
    limit 1
);
