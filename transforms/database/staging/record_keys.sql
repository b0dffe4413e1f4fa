-- Give every installation that the batch has added its record key.  Not while it is added: that would be once for each
-- upload.
update installations
set record_key = record_key(uuid)
where installation_id > :last_installation;
