-- One row per configuration that has not been read yet, with a report that says it.
select
    n.configuration,
    u.body
from (
    select
        configuration,
        min(seq) as seq
    from batch
    where configuration not in (select c.digest from configurations as c)
    group by configuration
) as n
inner join log.uploads as u on n.seq = u.seq
order by n.seq;
