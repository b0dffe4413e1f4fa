-- One row per network from which more than twenty installations reported in their latest week.
select
    'network_tag' as field,
    lower(hex(network_tag)) as value,
    last_week as first_day,
    count(*) || ' installations reported from this network in the week' as why
from installations
where network_tag is not null
group by network_tag, last_week
having count(*) > 20
order by count(*) desc
limit 20
