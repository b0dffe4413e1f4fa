-- Weeks in which fewer than today's k were established.
delete from main.shown_weeks
where established < :min_group;
