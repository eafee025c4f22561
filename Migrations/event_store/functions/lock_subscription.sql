-- The group, locked to the end of the transaction; null for none. The lock is an advisory one, since a row lock would be
-- a write, also when there is nothing to do.
drop function if exists event_store.lock_subscription;
create function event_store.lock_subscription(tenant text, name text) returns event_store.subscriptions
language plpgsql security definer
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    id integer;
    answer event_store.subscriptions;
begin
    select s.subscription_id into id from event_store.subscriptions s
    where s.tenant = lock_subscription.tenant and s.name = lock_subscription.name;
    perform pg_advisory_xact_lock(7226481, id);
    -- In a statement of its own, which sees what was committed while this one waited.
    select s.* into answer from event_store.subscriptions s where s.subscription_id = id;
    return answer;
end $$;

revoke all on function event_store.lock_subscription from public;
