-- The position of the last event of the log; 0 for none. The last event is never archived.
drop function if exists event_store.head;
create function event_store.head() returns bigint
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return coalesce((select e.position from event_store.events e order by e.position desc limit 1), 0);
end $$;

revoke all on function event_store.head from public;
grant execute on function event_store.head to event_store_service, event_store_administrator;
