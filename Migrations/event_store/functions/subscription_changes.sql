-- A number that is another one after a change of any group by an administrator, and after one was made or removed.
drop function if exists event_store.subscription_changes;
create function event_store.subscription_changes() returns bigint
language plpgsql stable security definer
set plan_cache_mode = force_generic_plan set jit = off set search_path = pg_catalog as $$
begin
    return (
        select coalesce(bit_xor(hashint8extended(s.changes, s.subscription_id)), 0) from event_store.subscriptions s);
end $$;

revoke all on function event_store.subscription_changes from public;
grant execute on function event_store.subscription_changes to event_store_service;
