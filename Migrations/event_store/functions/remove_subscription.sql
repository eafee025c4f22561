-- Forgets the group and all that belongs to it. Answers with whether there was such a group.
drop function if exists event_store.remove_subscription;
create function event_store.remove_subscription(tenant text, name text) returns boolean
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
begin
    delete from event_store.subscriptions u where u.subscription_id = s.subscription_id;
    return found;
end $$;

revoke all on function event_store.remove_subscription from public;
grant execute on function event_store.remove_subscription to event_store_administrator;
