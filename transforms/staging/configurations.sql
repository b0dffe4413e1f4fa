-- One row per configuration that no earlier batch has.
insert into configurations (digest, first_seq)
select
    configuration,
    min(seq) as first_seq
from batch
where configuration not in (select c.digest from configurations as c)
group by configuration
order by first_seq;
