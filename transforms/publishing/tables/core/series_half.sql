-- One row per series of table series_adoption.
create table series_half (
    series text primary key,                  -- first two segments of the version
    released_on text not null,                -- day of the first release of the series
    first_days integer not null,              -- days from the release to the end of the first week shown
    days_to_half integer,                     -- days until half ran it or a newer series; empty if not observed
    highest_share real not null,              -- highest share so far on it or a newer series
    share_low real not null,                  -- lower end of the 95 % interval (Wilson) of that share
    share_high real not null,                 -- upper end of the 95 % interval (Wilson) of that share
    n integer not null,                       -- base of the share: fewest established installations in any of the weeks
    sort_key text not null                    -- sorts versions by age, bands by size, '(other)' last
) strict, without rowid;

select
    c.name as series,
    min(r.released_on) as released_on,
    min(v.days_since_release) as first_days,
    case
        when min(case when c.share >= 0.5 then v.days_since_release end) > min(v.days_since_release)
            then min(case when c.share >= 0.5 then v.days_since_release end)
    end as days_to_half,
    max(c.share) as highest_share,
    max(c.share_low) as share_low,
    max(c.share_high) as share_high,
    min(c.n) as n,
    min(r.sort_key) as sort_key
from shown_cells as c
inner join core_names as v on c.week_start = v.week_start and c.name = v.name
inner join series_releases as r on c.name = r.series
where c.mart = 'adoption'
group by c.name;
