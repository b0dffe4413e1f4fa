-- The same with the report, one after another in the order of the log.
select
    n.configuration,
    u.body,
    u.network_tag
from unread as n
cross join log.uploads as u on n.seq = u.seq -- a cross join is not reordered, so that nothing has to be sorted
order by n.seq;
