-- One row per installation that uploads more than twenty times a week.
select
    'uuid' as field,
    i.uuid as value,
    i.first_week as first_day,
    count(*) || ' uploads in ' || i.week_count || ' weeks' as why
from seqs as s
inner join installations as i on s.installation_id = i.installation_id
group by i.installation_id
having count(*) > 20 * i.week_count
order by count(*) desc
limit 20
