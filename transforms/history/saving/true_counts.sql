-- One row per cell of a published week whose uploads all stay.
select
    week_start,
    revision,
    cell_id,
    installations
from history.true_counts
where week_start >= :countable_from
