-- One row: up to which upload nothing is lost when it goes, and from before which Monday that is.
insert into draft.kept (through_seq, received_before)
select
    coalesce(max(u.seq), 0),
    :received_before
from log.uploads as u
where
    u.seq <= (select c.seq from main.checkpoint as c)
    and u.received_at < :received_before;
