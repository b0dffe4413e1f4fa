-- One row per closed week and type of compute resource.
create table weekly_compute_resources (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    compute_resource text not null,           -- type of compute resource, or '(other)'
    installations integer not null,           -- installations that have at least one of this type
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    primary key (week_start, compute_resource)
) strict, without rowid;

select
    week_start,
    name as compute_resource,
    installations,
    n,
    share,
    share_low,
    share_high
from shown_cells
where mart = 'compute_resources';
