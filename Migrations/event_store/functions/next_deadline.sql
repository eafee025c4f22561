-- When a deadline of a process, or the claim of one, ends next; null when there is none.
drop function if exists event_store.next_deadline;
create function event_store.next_deadline(process text, of_tenant text) returns timestamptz
language sql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
    select min(d.available_at) from event_store.deadlines d
    where d.process = next_deadline.process and (of_tenant is null or d.tenant = of_tenant)
$$;

revoke all on function event_store.next_deadline from public;
grant execute on function event_store.next_deadline to event_store_service;
