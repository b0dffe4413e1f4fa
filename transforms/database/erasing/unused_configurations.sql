-- Configurations that no installation has any more: those that only the erased had are among them, and whose the
-- others were is not known here.  When one is reported again, it is read again.
delete from configurations
where
    configuration_id not in (
        select i.configuration_id
        from installations as i
        union all
        select i.counted_as
        from installations as i
        where i.counted_as is not null
    );
