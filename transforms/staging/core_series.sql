-- One row per version of Foreman that was reported, and one for those that are not named.
insert or ignore into core_series (core_version, series)
select
    k.name,
    series(k.name)
from keys as k
where k.mart = 'core_versions'
union all
select
    '(other)',
    '(other)';
