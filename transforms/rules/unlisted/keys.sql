-- One row per name that counts for enough installations and is hidden for want of anybody who knows it.  Of a plugin's
-- versions only where the plugin itself may be named.
with named_plugins as (
    select name
    from keys
    where mart = 'plugins' and is_publishable and is_known
)

select
    k.key_id,
    k.mart,
    k.parent,
    k.name
from cells as c
inner join keys as k on c.key_id = k.key_id
where
    c.installations >= :min_group
    and k.is_publishable
    and not (k.is_known or k.is_plain)
    and (k.mart <> 'plugin_versions' or k.parent in (select p.name from named_plugins as p))
