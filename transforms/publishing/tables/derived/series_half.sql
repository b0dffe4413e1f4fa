-- One row per series of table series_adoption.
create table series_half (
    series text primary key,                  -- first two segments of the version
    released_on text not null,                -- day of the first release of the series
    first_days integer not null,              -- days from the release to the end of the first week shown
    days_to_half integer,                     -- days until half ran it or a newer series; empty if not observed
    highest_share real not null,              -- highest share so far on it or a newer series
    share_low real not null,                  -- lower end of the 95 % interval of that share
    share_high real not null,                 -- upper end of the 95 % interval of that share
    n integer not null,                       -- base of the share: fewest established installations in any of the weeks
    sort_key text not null                    -- sorts series by age: the day of the first release
) strict, without rowid;

select
    series,
    min(released_on) as released_on,
    min(days_since_release) as first_days,
    case
        when min(case when share >= 0.5 then days_since_release end) > min(days_since_release)
            then min(case when share >= 0.5 then days_since_release end)
    end as days_to_half,
    max(share) as highest_share,
    max(share_low) as share_low,
    max(share_high) as share_high,
    min(n) as n,
    min(released_on) as sort_key
from series_adoption
group by series;
