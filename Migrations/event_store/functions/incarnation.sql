-- Tells this log from every other one.
drop function if exists event_store.incarnation;
create function event_store.incarnation() returns uuid language sql stable security definer set search_path = pg_catalog
begin atomic
    select incarnation from event_store.store;
end;

revoke all on function event_store.incarnation from public;
grant execute on function event_store.incarnation to event_store_service, event_store_administrator;
