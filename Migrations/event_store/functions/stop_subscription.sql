-- Stops the group for this reason, or resumes it if that is null. Answers with whether there is such a group.
drop function if exists event_store.stop_subscription;
create function event_store.stop_subscription(tenant text, name text, reason text) returns boolean
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
begin
    update event_store.subscriptions u
    set changes = u.changes + 1, stop_reason = reason, stopped_at = case when reason is not null then clock_timestamp() end
    where u.subscription_id = s.subscription_id and (u.stopped_at is null) <> (reason is null);
    return s.subscription_id is not null;
end $$;

revoke all on function event_store.stop_subscription from public;
grant execute on function event_store.stop_subscription to event_store_administrator;
