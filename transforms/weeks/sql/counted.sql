-- Note what each installation counts as at the end of this week.
update installations
set counted_as = c.becomes
from changes as c
where installations.installation_id = c.installation_id;
