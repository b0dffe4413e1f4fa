-- Hide the names that may name somebody: of unsafe characters, or neither in the catalogue nor seen from k networks.
-- An upload without a tag counts as a network of its own.
insert or ignore into hidden_keys (key_id)
select c.key_id
from cells as c
inner join keys as k on c.key_id = k.key_id
where
    not k.is_publishable
    or (
        not k.is_known
        and :min_group > (
            select count(distinct coalesce(s.network_tag, s.installation_id))
            from configuration_keys as m
            inner join standing as s on m.configuration_id = s.configuration_id
            where m.key_id = c.key_id and s.is_established
        )
    );
