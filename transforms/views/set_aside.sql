-- One row per part of an installation's latest upload that could not be read; place is a JSON pointer.
create view set_aside as
select
    i.latest_seq as upload_id,
    place.text as place,
    reason.text as reason
from installations as i
inner join configuration_set_aside as s on i.configuration_id = s.configuration_id
inner join texts as place on s.place = place.text_id
inner join texts as reason on s.reason = reason.text_id;
