-- More or fewer installations, and parts, under a key.
insert into cells (key_id, installations, parts)
values (?, ?, ?)
on conflict (key_id) do update set
    installations = installations + excluded.installations,
    parts = parts + excluded.parts;
