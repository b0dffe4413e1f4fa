-- One row per quarter in which installations were first seen, with how many more or fewer count now.
select
    substr(first_week, 1, 4) || '-Q' || ((substr(first_week, 6, 2) + 2) / 3) as quarter,
    sum((becomes is not null) - (was is not null)) as installations,
    sum(((becomes is not null) - (was is not null)) * record_key) as record_keys
from changes
group by quarter;
