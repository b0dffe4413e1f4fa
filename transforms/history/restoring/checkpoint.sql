-- The uploads up to here are in history.db.
update main.checkpoint set seq = (select k.through_seq from history.kept as k);
