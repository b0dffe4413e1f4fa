-- One row per quarter in which installations were first seen, with how many more or fewer count now.
select
    substr(first_week, 1, 4) || '-Q' || ((substr(first_week, 6, 2) + 2) / 3) as quarter,
    sum((becomes is not null) - (was is not null)) as installations,
    sum(was is null and established_week = :week_start) as new_installations
from changes
group by quarter;
