-- One row '(other)' for the hidden names of a table (of a shown plugin, for its versions), from k installations on.
insert into shown_cells (week_start, mart, parent, name, installations, parts)
select
    :week_start,
    k.mart,
    k.parent,
    '(other)',
    count(distinct s.installation_id),
    sum(m.parts)
from hidden_keys as h
inner join keys as k on h.key_id = k.key_id
inner join configuration_keys as m on h.key_id = m.key_id
inner join standing as s on m.configuration_id = s.configuration_id
left join keys as p on k.parent = p.name and p.mart = 'plugins'
where
    s.is_established
    and (k.parent = '' or p.key_id not in (select x.key_id from hidden_keys as x))
group by k.mart, k.parent
having count(distinct s.installation_id) >= :min_group;
