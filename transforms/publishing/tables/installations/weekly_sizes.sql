-- One row per closed week, thing that is counted and band of how many there are.
create table weekly_sizes (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    counted text not null,                    -- plugins, proxies, compute_resources or hosts
    band text not null,                       -- how many an installation has, such as 2-4 or 10+; or '(other)'
    installations integer not null,           -- installations in this band
    n integer not null,                       -- base of the share: all established; for hosts, those that report them
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    sort_key text not null,                   -- sorts versions by age, bands by size, '(other)' last
    primary key (week_start, counted, band)
) strict, without rowid;

select
    week_start,
    case when mart = 'facts' then 'hosts' else parent end as counted,
    name as band,
    installations,
    n,
    share,
    share_low,
    share_high,
    sort_key
from shown_cells
where mart = 'sizes' or (mart = 'facts' and parent = 'hosts_count');
