-- One row per quarter in which installations were first seen, and closed week.
select
    name as first_seen_quarter,
    week_start,
    installations,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'quarters'
