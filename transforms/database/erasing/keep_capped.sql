-- Who never counted, because too many of its network were established in one week, does not count with fewer of them
-- either: known is views.db as it was.
create temp trigger keep_capped after update of established_week on main.installations
when
    new.established_week is not null
    and new.uuid in (
        select k.uuid from known.installations as k
        where k.capped_week is not null
    )
begin
    update installations
    set
        capped_week = new.established_week,
        established_week = null
    where installation_id = new.installation_id;
end
