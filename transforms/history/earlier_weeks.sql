-- One row per installation of the log and week that history.db knows of it.
insert or ignore into earlier_weeks (installation_id, week_start)
select
    i.installation_id,
    f.week_start
from history.first_weeks as f
inner join installations as i on f.uuid = i.uuid;
