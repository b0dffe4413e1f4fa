-- One row per week and installation in which no earlier batch has an upload of it.
insert into new_weeks (installation_id, week_start)
select distinct
    i.installation_id,
    b.week_start
from batch as b
inner join installations as i on b.uuid = i.uuid
left join weekly_uploads as w on b.week_start = w.week_start and i.installation_id = w.installation_id
where w.week_start is null;
