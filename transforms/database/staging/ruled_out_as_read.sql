-- The same of what is left, for rules on what a report says.  A version or the name of a plugin may be a pattern.
insert into ruled_out (seq, week_start, uuid, reason)
select
    b.seq,
    :week_start,
    b.uuid,
    min(r.reason)
from batch as b
inner join configurations as c on b.configuration = c.digest
inner join rules as r
    on
        substr(b.received_at, 1, 10) between r.first_day and r.last_day
        and case r.field
            when 'core_version' then c.core_version glob r.value
            when 'plugin' then exists (
                select 1
                from json_each(c.plugins) as p
                where json_extract(p.value, '$[0]') glob r.value
            )
        end
group by b.seq;
