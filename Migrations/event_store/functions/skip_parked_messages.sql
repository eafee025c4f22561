-- Settles parked messages without handling them. Answers with how many there were; null for no such group.
drop function if exists event_store.skip_parked_messages;
create function event_store.skip_parked_messages(tenant text, name text, of_stream text, of_position bigint)
returns bigint language plpgsql security definer set enable_seqscan = off set jit = off
set search_path = pg_catalog as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
    skipped bigint;
begin
    if s.subscription_id is null then return null; end if;
    delete from event_store.parked_messages p
    where p.subscription_id = s.subscription_id and p.state = 'parked'
      and (of_stream is null or p.stream = of_stream) and (of_position is null or p.position = of_position);
    get diagnostics skipped = row_count;
    update event_store.subscriptions u set settled = u.settled + skipped where u.subscription_id = s.subscription_id;
    perform event_store.return_unblocked_messages(s.subscription_id);
    return skipped;
end $$;

revoke all on function event_store.skip_parked_messages from public;
grant execute on function event_store.skip_parked_messages to event_store_administrator;
