-- Replaces the deadlines of an instance by those that it has at a revision of its stream. What was written at a later one
-- stays, and so does the claim of a deadline whose time is the same.
drop function if exists event_store.schedule_deadlines;
create function event_store.schedule_deadlines(
    tenant text, process text, instance text, at_revision bigint, names text[], due_at timestamptz[]) returns void
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    delete from event_store.deadlines d
    where d.tenant = schedule_deadlines.tenant and d.instance = schedule_deadlines.instance
      and d.name <> all (names) and d.revision <= at_revision;
    insert into event_store.deadlines as d (tenant, instance, name, process, revision, due_at, available_at)
    select schedule_deadlines.tenant, schedule_deadlines.instance, n.name, schedule_deadlines.process, at_revision,
           n.due_at, n.due_at
    from unnest(names, schedule_deadlines.due_at) n (name, due_at) order by n.name
    on conflict on constraint deadlines_pkey do update
    set revision = excluded.revision, due_at = excluded.due_at,
        available_at = case when d.due_at = excluded.due_at then d.available_at else excluded.due_at end,
        attempts = case when d.due_at = excluded.due_at then d.attempts else 0 end
    where d.revision <= excluded.revision;
end $$;

revoke all on function event_store.schedule_deadlines from public;
grant execute on function event_store.schedule_deadlines to event_store_service;
