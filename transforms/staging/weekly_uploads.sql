-- One row per week and installation: the last upload of the week.
insert into weekly_uploads (week_start, installation_id, configuration_id, network_tag)
select
    b.week_start,
    i.installation_id,
    c.configuration_id,
    b.network_tag
from (
    select
        week_start,
        uuid,
        configuration,
        network_tag,
        max(seq) -- the other columns are those of the row with this seq
    from batch
    group by week_start, uuid
) as b
inner join installations as i on b.uuid = i.uuid
inner join configurations as c on b.configuration = c.digest
where true
order by b.week_start, i.installation_id
on conflict (week_start, installation_id) do update set
    configuration_id = excluded.configuration_id,
    network_tag = excluded.network_tag;
