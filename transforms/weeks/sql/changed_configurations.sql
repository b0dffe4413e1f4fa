-- One row per installation that counts otherwise than at the end of the week before: the keys it counted under, and
-- those it counts under now.
select
    w.keys as was,
    b.keys as becomes,
    c.record_key
from changes as c
left join configuration_keys as w on c.was = w.configuration_id
left join configuration_keys as b on c.becomes = b.configuration_id;
