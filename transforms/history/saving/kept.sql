-- One row: up to which upload nothing is lost when it goes, and from before which Monday that is.
select
    :through_seq as through_seq,
    :received_before as received_before
