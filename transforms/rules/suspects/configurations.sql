-- One row per report that ten installations or more, new in the same week, all send.
select
    'configuration' as field,
    lower(hex(c.digest)) as value,
    i.first_week as first_day,
    count(*) || ' installations new in this week send the same report' as why
from installations as i
inner join configurations as c on i.configuration_id = c.configuration_id
group by c.configuration_id, i.first_week
having count(*) >= 10
order by count(*) desc
limit 20
