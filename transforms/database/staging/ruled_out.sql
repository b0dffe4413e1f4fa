-- One row per upload of the batch that falls under a rule of the operator on what the log knows of it, with the first
-- reason by alphabet.  These go before reports are read, so that a flood that is set aside leaves no names behind.
-- A uuid may be a pattern, as of glob.
insert into ruled_out (seq, week_start, uuid, reason)
select
    b.seq,
    :week_start,
    b.uuid,
    min(r.reason)
from batch as b
inner join rules as r
    on
        substr(b.received_at, 1, 10) between r.first_day and r.last_day
        and case r.field
            when 'uuid' then b.uuid glob r.value
            when 'network_tag' then lower(hex(b.network_tag)) = r.value
            when 'configuration' then lower(hex(b.configuration)) = r.value
        end
group by b.seq;
