drop function if exists event_store.latest_snapshot;
create function event_store.latest_snapshot(tenant text, name text)
returns table (
    schema_version integer, revision bigint, "position" bigint, event_id uuid, state bytea, checksum bytea,
    taken_at timestamptz)
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return query
    select s.schema_version, s.revision, s.position, s.event_id, s.state, s.checksum, s.taken_at
    from event_store.snapshots s
    where s.tenant = latest_snapshot.tenant and s.name = latest_snapshot.name;
end $$;

revoke all on function event_store.latest_snapshot from public;
grant execute on function event_store.latest_snapshot to event_store_service;
