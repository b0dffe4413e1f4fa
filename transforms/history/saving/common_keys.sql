-- One row per name that is shown because enough networks reported it once.
select
    mart,
    parent,
    name,
    is_publishable,
    is_known
from main.keys
where is_common
