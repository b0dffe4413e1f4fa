-- Of those first seen in each quarter, count the erased no more: later weeks rest on these sums.
update main.quarters
set
    installations = quarters.installations - (
        select count(*)
        from main.installations as i
        where
            i.established_week is not null
            and substr(i.first_week, 1, 4) || '-Q' || ((substr(i.first_week, 6, 2) + 2) / 3) = quarters.name
            and i.uuid not in (select v.uuid from views.installations as v)
    );
