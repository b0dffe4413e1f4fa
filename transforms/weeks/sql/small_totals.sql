-- The same of totals that may stay empty.  The total tells the last of three flows: all of them are shown, or none.
update main.shown_weeks
set
    active = case when active = established or active - established >= :min_group then active end,
    first_seen = case when first_seen >= :min_group then first_seen end,
    (new_installations, came_back, gone) = (
        select
            f.new_installations,
            f.came_back,
            f.gone
        from main.shown_weeks as f
        where
            f.week_start = shown_weeks.week_start
            and min(f.new_installations, f.came_back, f.gone) >= :min_group
    )
where min_group < :min_group;
