-- With POPCON_PUBLISH_ROWS=yes: the latest upload of every established installation.  No uuid, and ids are new
-- at each publication.

create table uploads (
    id integer primary key,                   -- drawn at random
    core_version text not null                -- version of Foreman, or '(other)'
) strict;

create table proxies (
    id integer primary key,                   -- drawn at random
    upload_id integer not null references uploads (id), -- the installation's row in uploads
    version text not null,                    -- version of the smart proxy, '(unknown)' or '(other)'
    features text not null                    -- its features, a JSON array
) strict;

create table plugins (
    id integer primary key,                   -- drawn at random
    upload_id integer not null references uploads (id), -- the installation's row in uploads
    name text not null,                       -- name of the plugin, or '(other)'
    version text not null                     -- version of the plugin, '(unknown)' or '(other)'
) strict;

create table compute_resources (
    id integer primary key,                   -- drawn at random
    upload_id integer not null references uploads (id), -- the installation's row in uploads
    type text not null                        -- type of compute resource, or '(other)'
) strict;
