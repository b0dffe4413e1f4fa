-- One row: what the figures rest on.
select
    1 as is_one,
    :min_group as min_group,
    :established_weeks as established_weeks,
    :active_weeks as active_weeks,
    min(week_start) as first_week,
    max(week_start) as last_week
from shown_weeks
