-- Puts a group behind a position of the log, or of its end if that is null. What it had drawn behind the position is forgotten
-- and drawn again: what a consumer has in hand of it is handed out again, and its settlement comes too late. What is unsettled
-- up to the position stays so; what was not drawn up to there never comes. Answers with the position; null for no such group.
drop function if exists event_store.reset_subscription;
create function event_store.reset_subscription(tenant text, name text, to_position bigint) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
    -- A position that the log has not reached is its end.
    place constant bigint := least(coalesce(to_position, event_store.head()), event_store.head());
begin
    if s.subscription_id is null then return null; end if;
    perform event_store.unpack_subscription_handouts(s.subscription_id, null, null);
    delete from event_store.subscription_messages m
    where m.subscription_id = s.subscription_id and m.position > place;
    delete from event_store.parked_messages p where p.subscription_id = s.subscription_id and p.position > place;
    update event_store.subscriptions u
    set changes = u.changes + 1, read_position = place, lowest_position = least(u.lowest_position, place + 1),
        read_revision = case when s.stream is null then -1 else coalesce((
            select e.revision from event_store.all_events e
            where e.tenant = s.of_tenant and e.stream = s.stream and e.position <= place
            order by e.revision desc limit 1), -1) end,
        start_position = least(u.start_position, place)
    where u.subscription_id = s.subscription_id;
    return place;
end $$;

revoke all on function event_store.reset_subscription from public;
grant execute on function event_store.reset_subscription to event_store_administrator;
