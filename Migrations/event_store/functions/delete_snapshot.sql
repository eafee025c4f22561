drop function if exists event_store.delete_snapshot;
create function event_store.delete_snapshot(tenant text, name text) returns void
language sql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog
begin atomic
    delete from event_store.snapshots s where s.tenant = delete_snapshot.tenant and s.name = delete_snapshot.name;
end;

revoke all on function event_store.delete_snapshot from public;
grant execute on function event_store.delete_snapshot to event_store_service;
