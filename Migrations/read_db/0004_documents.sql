-- Documents of projections that have no table of their own.
create table documents (
    projection text collate "C" not null,   -- its stored name, with the version of what it folds
    tenant text collate "C" not null,
    key text collate "C" not null,          -- the name of the aggregate's stream
    document text not null,                 -- JSON
    primary key (projection, tenant, key)
);
