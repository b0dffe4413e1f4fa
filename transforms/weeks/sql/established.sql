-- Note which installations have enough different weeks now, at most so many of one network in a week.
update installations
set
    established_week = case when n.place <= :tag_cap then :week_start end,
    capped_week = case when n.place > :tag_cap then :week_start end
from (
    select
        installation_id,
        case
            when network_tag is null then 0
            else row_number() over (partition by network_tag order by installation_id)
        end as place
    from installations
    where
        last_week = :week_start
        and week_count >= :established_weeks
        and established_week is null
        and capped_week is null
) as n
where installations.installation_id = n.installation_id;
