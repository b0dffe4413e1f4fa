-- More or fewer installations under a key.
insert into cells (key_id, installations, record_keys)
values (?, ?, ?)
on conflict (key_id) do update set
    installations = installations + excluded.installations,
    record_keys = record_keys + excluded.record_keys;
