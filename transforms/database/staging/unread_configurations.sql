-- One row per configuration that has not been read yet, with the first upload that says it.  Without the report: the
-- reports of a batch do not fit into memory, and sorting would hold all of them there.
insert into unread (seq, configuration)
select
    min(seq) as seq,
    configuration
from batch
where configuration not in (select c.digest from configurations as c)
group by configuration;
