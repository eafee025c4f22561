-- A snapshot of the same schema and a later revision stays.
drop function if exists event_store.save_snapshot;
create function event_store.save_snapshot(
    tenant text, name text, schema_version integer, revision bigint, "position" bigint, event_id uuid, state bytea,
    checksum bytea, taken_at timestamptz)
returns void language sql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog
begin atomic
    insert into event_store.snapshots as s
    values (tenant, name, schema_version, revision, position, event_id, state, checksum, taken_at)
    on conflict (tenant, name) do update
    set schema_version = excluded.schema_version, revision = excluded.revision, position = excluded.position,
        event_id = excluded.event_id, state = excluded.state, checksum = excluded.checksum, taken_at = excluded.taken_at
    where s.schema_version <> excluded.schema_version or s.revision <= excluded.revision;
end;

revoke all on function event_store.save_snapshot from public;
grant execute on function event_store.save_snapshot to event_store_service;
