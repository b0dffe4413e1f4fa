-- Groups that were large enough then, and are not by today's k.
delete from main.shown_cells
where installations < :min_group or n < :min_group;
