-- Where each installation counts under exactly one name, the hidden ones are what is left of the total.  Where that
-- would be a group below k, hide the smallest shown name too.
insert or ignore into hidden_keys (key_id)
select key_id
from (
    select
        c.key_id,
        h.key_id is not null as is_hidden,
        sum(case when h.key_id is not null then c.installations end) over whole as hidden_installations,
        row_number() over (
            partition by k.mart, k.parent
            order by h.key_id is not null, c.installations, k.name
        ) as place
    from cells as c
    inner join keys as k on c.key_id = k.key_id
    left join hidden_keys as h on c.key_id = h.key_id
    where k.mart in ('core_versions', 'plugin_versions')
    window whole as (partition by k.mart, k.parent)
)
where not is_hidden and place = 1 and hidden_installations < :min_group;
