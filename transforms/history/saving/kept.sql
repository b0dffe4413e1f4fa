-- One row: up to which upload nothing is lost when it goes, from before which Monday that is, and the first week that
-- can still be counted without these uploads: the figures of those before it are never changed.
select
    :through_seq as through_seq,
    :received_before as received_before,
    :final_before as final_before
