-- One row per candidate to become common, with the most networks that reported it in one week.  Tags of two weeks
-- cannot be told apart; an upload without a tag counts as a network of its own.
select
    key_id,
    max(networks) as networks
from (
    select
        u.key_id,
        count(distinct coalesce(i.network_tag, i.installation_id)) as networks
    from installations as i
    inner join uncommon_keys as u on i.counted_as = u.configuration_id
    where u.key_id in (select c.key_id from candidates as c)
    group by u.key_id, i.last_week
)
group by key_id;
