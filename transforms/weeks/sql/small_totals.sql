-- The same of totals that may stay empty.
update main.shown_weeks
set
    active = nullif(active, 0),
    first_seen = case when first_seen >= :min_group then first_seen end;
