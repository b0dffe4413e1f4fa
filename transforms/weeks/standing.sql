-- One row per installation that is active at the end of the week, with the configuration it then stands with.
insert into standing (installation_id, configuration_id, network_tag, is_established, is_first_seen)
select
    u.installation_id,
    u.configuration_id,
    u.network_tag,
    coalesce(i.established_week <= :week_start, 0),
    i.first_week = :week_start
from (
    select
        installation_id,
        configuration_id, -- this and network_tag are of the latest week, as SQLite has it beside a lone max()
        network_tag,
        max(week_start)
    from weekly_uploads
    where week_start between date(:week_start, :back) and :week_start
    group by installation_id
) as u
inner join installations as i on u.installation_id = i.installation_id;
