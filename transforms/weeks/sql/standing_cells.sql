-- One row per key that somebody counts under, of plugins' versions only where the plugin may be named.  The name is
-- left out where it may not be shown, except of core versions, whose series counts them.
with named_plugins as materialized (
    select name
    from keys
    where mart = 'plugins' and parent = '' and is_publishable and (is_known or is_plain)
)

select
    c.key_id,
    k.mart,
    k.parent,
    case when k.mart = 'core_versions' or (k.is_publishable and (k.is_known or k.is_plain)) then k.name end as name,
    k.is_publishable and (k.is_known or k.is_plain) as may_be_shown,
    c.installations,
    c.record_keys
from cells as c
inner join keys as k on c.key_id = k.key_id
where k.mart <> 'plugin_versions' or k.parent in (select p.name from named_plugins as p);
