-- One row per closed week, further key in the register of fields and value or band.
create table weekly_facts (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    key text not null,                        -- further key of the report, see vocabulary/catalog/fields.csv
    value text not null,                      -- word, or band of a number; or '(other)'
    installations integer not null,           -- installations that report this value
    n integer not null,                       -- base of the share: installations that report the key
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, key, value)
) strict, without rowid;

select
    week_start,
    parent as key,
    name as value,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_cells
where mart = 'facts';
