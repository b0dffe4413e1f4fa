-- One row per installation that counts: under what, and from which network in its last week.  Tags of two weeks cannot
-- be told apart; an upload without a tag counts as a network of its own.
select
    k.keys,
    i.last_week,
    coalesce(i.network_tag, i.installation_id) as network
from installations as i
inner join configuration_keys as k on i.counted_as = k.configuration_id
