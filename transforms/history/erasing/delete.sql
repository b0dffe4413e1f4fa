-- Those who are in no view of the log any more.
delete from main.installations
where
    uuid not in (select v.uuid from views.installations as v)
    and uuid not in (select r.uuid from views.ruled_out as r);
