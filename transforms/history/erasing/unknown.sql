-- One row: how many installations are not in views.db, because they are erased.
select count(*) as installations
from main.installations
where
    uuid not in (select v.uuid from views.installations as v)
    and uuid not in (select r.uuid from views.ruled_out as r);
