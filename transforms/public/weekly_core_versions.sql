-- One row per closed week and version of Foreman.
select
    c.week_start,
    c.name as core_version,
    s.series,
    c.installations
from shown_cells as c
inner join core_series as s on c.name = s.core_version
where c.mart = 'core_versions'
