-- The operator's rules, each for what it names in uploads of the days from first_day to last_day.
create temp table rules (
    field text not null,
    value text not null,
    first_day text not null,
    last_day text not null,
    reason text not null
) strict;
