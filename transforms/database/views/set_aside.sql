-- One row per part of an installation's latest upload that could not be read (place is a JSON pointer), per upload that
-- falls under a rule, and per installation that one network established too many of.  upload_id is seq.
create view set_aside as
select
    i.latest_seq as upload_id,
    i.latest_seq as seq,
    json_extract(s.value, '$[0]') as place,
    json_extract(s.value, '$[1]') as reason
from installations as i
inner join configurations as c on i.configuration_id = c.configuration_id
cross join json_each(c.set_aside) as s
union all
select
    latest_seq as upload_id,
    latest_seq as seq,
    '/uuid' as place,
    'too many newly established from one network in one week' as reason
from installations
where capped_week is not null
union all
select
    seq as upload_id,
    seq,
    '' as place,
    reason
from ruled_out;
