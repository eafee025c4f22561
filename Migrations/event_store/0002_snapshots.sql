-- The newest snapshot of each stream that has one. Snapshots may be lost: everything in them can be folded again.
create table event_store.snapshots (
    tenant text collate "C" not null,
    name text collate "C" not null,         -- snap.<stream>
    schema_version integer not null,        -- of the state
    revision bigint not null,               -- of the last event in the state, with its position and id
    position bigint not null,
    event_id uuid not null,
    state bytea not null,
    checksum bytea not null,                -- SHA-256, made and compared by who saves and loads
    taken_at timestamptz not null,
    primary key (tenant, name),
    constraint snapshot_of_its_tenant check (split_part(name, '-', 2) = tenant)
);
grant select on event_store.snapshots to event_store_administrator;
