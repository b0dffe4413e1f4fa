-- One row per configuration that has not been read yet, with a report that says it.
select
    c.configuration_id,
    u.body
from configurations as c
inner join log.uploads as u on c.first_seq = u.seq
where c.core_version is null
order by c.configuration_id;
