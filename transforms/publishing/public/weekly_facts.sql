-- One row per closed week, further key in the register of fields and value or band.
select
    week_start,
    parent as key,
    name as value,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_cells
where mart = 'facts'
