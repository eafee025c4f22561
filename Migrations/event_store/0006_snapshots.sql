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

create function event_store.latest_snapshot(tenant text, name text)
returns table (
    schema_version integer, revision bigint, "position" bigint, event_id uuid, state bytea, checksum bytea,
    taken_at timestamptz)
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
begin
    return query
    select s.schema_version, s.revision, s.position, s.event_id, s.state, s.checksum, s.taken_at
    from event_store.snapshots s
    where s.tenant = latest_snapshot.tenant and s.name = latest_snapshot.name;
end $$;

-- A snapshot of the same schema and a later revision stays.
create function event_store.save_snapshot(
    tenant text, name text, schema_version integer, revision bigint, "position" bigint, event_id uuid, state bytea,
    checksum bytea, taken_at timestamptz)
returns void language sql security definer set enable_seqscan = off set jit = off
begin atomic
    insert into event_store.snapshots as s
    values (tenant, name, schema_version, revision, position, event_id, state, checksum, taken_at)
    on conflict (tenant, name) do update
    set schema_version = excluded.schema_version, revision = excluded.revision, position = excluded.position,
        event_id = excluded.event_id, state = excluded.state, checksum = excluded.checksum, taken_at = excluded.taken_at
    where s.schema_version <> excluded.schema_version or s.revision <= excluded.revision;
end;

create function event_store.delete_snapshot(tenant text, name text) returns void
language sql security definer set enable_seqscan = off set jit = off
begin atomic
    delete from event_store.snapshots s where s.tenant = delete_snapshot.tenant and s.name = delete_snapshot.name;
end;

revoke all on all functions in schema event_store from public;
grant execute on function
    event_store.latest_snapshot, event_store.save_snapshot, event_store.delete_snapshot to event_store_service;
