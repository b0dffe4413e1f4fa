-- One row per name that is shown; versions of a plugin only where the plugin itself is shown.
insert into shown_cells (week_start, mart, parent, name, installations, parts)
select
    :week_start,
    k.mart,
    k.parent,
    k.name,
    c.installations,
    c.parts
from cells as c
inner join keys as k on c.key_id = k.key_id
left join keys as p on k.parent = p.name and p.mart = 'plugins'
where
    c.key_id not in (select x.key_id from hidden_keys as x)
    and (k.parent = '' or p.key_id not in (select x.key_id from hidden_keys as x));
