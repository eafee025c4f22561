-- Ends the claim of a deadline: it is due again at a time, unless it was moved meanwhile.
drop function if exists event_store.postpone_deadline;
create function event_store.postpone_deadline(
    tenant text, instance text, name text, due_at timestamptz, until timestamptz) returns void
language sql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
    update event_store.deadlines d set available_at = until
    where d.tenant = postpone_deadline.tenant and d.instance = postpone_deadline.instance
      and d.name = postpone_deadline.name and d.due_at = postpone_deadline.due_at
$$;

revoke all on function event_store.postpone_deadline from public;
grant execute on function event_store.postpone_deadline to event_store_service;
