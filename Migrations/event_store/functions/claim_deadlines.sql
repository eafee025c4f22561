-- Claims deadlines of a process that are due, the earliest first, of one tenant or of all. Those that another session claims
-- at the same moment are left to it.
drop function if exists event_store.claim_deadlines;
create function event_store.claim_deadlines(
    process text, of_tenant text, now timestamptz, max_deadlines bigint, claimed_until timestamptz)
    returns table (tenant text, instance text, name text, due_at timestamptz, attempt integer)
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return query
    with due as (
        select d.tenant, d.instance, d.name from event_store.deadlines d
        where d.process = claim_deadlines.process and (of_tenant is null or d.tenant = of_tenant)
          and d.available_at <= claim_deadlines.now
        order by d.available_at limit max_deadlines for update skip locked)
    update event_store.deadlines d set available_at = claimed_until, attempts = d.attempts + 1
    from due where d.tenant = due.tenant and d.instance = due.instance and d.name = due.name
    returning d.tenant, d.instance, d.name, d.due_at, d.attempts;
end $$;

revoke all on function event_store.claim_deadlines from public;
grant execute on function event_store.claim_deadlines to event_store_service;
