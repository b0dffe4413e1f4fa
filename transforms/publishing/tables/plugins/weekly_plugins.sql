-- One row per closed week and plugin.
create table weekly_plugins (
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    plugin text not null,                     -- name of the plugin, or '(other)'
    installations integer not null,           -- installations that have it
    n integer not null,                       -- base of the share: all established installations of the week
    share real not null,                      -- installations / n, at most 1
    share_low real not null,                  -- lower end of its 95 % interval; it includes the noise
    share_high real not null,                 -- upper end of its 95 % interval; it includes the noise
    installations_year_before integer,        -- installations that had it 52 weeks earlier; empty if not shown then
    share_year_before real,                   -- their share then
    change real,                              -- share minus their share then
    change_low real,                          -- lower end of its 95 % interval (Newcombe)
    change_high real,                         -- upper end of its 95 % interval (Newcombe)
    growth real,                              -- growth of the share since then, as a fraction: 0.1 is 10 % more
    primary key (week_start, plugin)
) strict, without rowid;

select
    c.week_start,
    c.name as plugin,
    c.installations,
    c.n,
    c.share,
    c.share_low,
    c.share_high,
    y.installations as installations_year_before,
    y.share as share_year_before,
    round(c.share - y.share, 5) as change,
    round(
        c.share - y.share - sqrt(
            (c.share - c.share_low) * (c.share - c.share_low) + (y.share_high - y.share) * (y.share_high - y.share)
        ), 5
    ) as change_low,
    round(
        c.share - y.share + sqrt(
            (c.share_high - c.share) * (c.share_high - c.share) + (y.share - y.share_low) * (y.share - y.share_low)
        ), 5
    ) as change_high,
    case when y.share > 0 then round(c.share / y.share - 1, 4) end as growth
from shown_cells as c
left join plugins_year_before as y on c.name = y.name
where c.mart = 'plugins';
