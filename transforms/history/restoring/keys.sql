-- One row per name that was common, and per quarter.
insert into main.keys (key_id, mart, parent, name, is_publishable, is_known, is_common)
select
    row_number() over (order by k.mart, k.parent, k.name),
    k.mart,
    k.parent,
    k.name,
    k.is_publishable,
    k.is_known,
    k.is_common
from (
    select
        mart,
        parent,
        name,
        is_publishable,
        is_known,
        1 as is_common
    from history.common_keys
    union all
    select
        'quarters_established',
        '',
        name,
        1,
        1,
        0
    from history.quarters
) as k;
