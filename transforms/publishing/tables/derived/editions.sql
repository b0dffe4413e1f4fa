-- One row per closed week that was published, and per revision of one.
create table editions (
    edition_id integer primary key,           -- order of publication
    week_start text not null,                 -- Monday of the week (UTC), YYYY-MM-DD
    revision integer not null,                -- 1; one more each time the week was counted again
    published_on text not null,               -- day of publication (UTC), YYYY-MM-DD
    min_group integer not null,               -- smallest figure that is shown (k)
    noise integer not null,                   -- standard deviation of the noise on every figure; 0: exact figures
    established_weeks integer not null,       -- different weeks an installation must have uploaded in to count
    active_weeks integer not null,            -- weeks for which an upload keeps its installation active
    reason text not null,                     -- why the week was counted again; empty in revision 1
    sha256 text not null,                     -- SHA-256 of the week's rows, in hexadecimal digits
    unique (week_start, revision)
) strict;

select
    edition_id,
    week_start,
    revision,
    published_on,
    min_group,
    noise,
    established_weeks,
    active_weeks,
    reason,
    sha256
from published.editions;
