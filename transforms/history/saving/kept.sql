-- One row: how far history.db reaches.
select
    :through_seq as through_seq,
    :received_before as received_before,
    noise_key,
    purge_id
from history.kept
