-- Forget the figures of every week that the batch changes, and of those after it.
delete from counted_weeks
where week_start >= (select min(b.week_start) from batch as b);
