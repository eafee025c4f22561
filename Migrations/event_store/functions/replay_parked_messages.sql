-- Gives parked messages back: of one stream or one position, if these are not null. Answers with how many come back, with
-- those that waited behind them; null for no such group.
drop function if exists event_store.replay_parked_messages;
create function event_store.replay_parked_messages(tenant text, name text, of_stream text, of_position bigint)
returns bigint language plpgsql security definer set enable_seqscan = off set jit = off
set search_path = pg_catalog as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
    replayed bigint;
begin
    if s.subscription_id is null then return null; end if;
    update event_store.parked_messages p set state = 'returns'
    where p.subscription_id = s.subscription_id and p.state = 'parked'
      and (of_stream is null or p.stream = of_stream) and (of_position is null or p.position = of_position);
    get diagnostics replayed = row_count;
    return replayed + event_store.return_unblocked_messages(s.subscription_id);
end $$;

revoke all on function event_store.replay_parked_messages from public;
grant execute on function event_store.replay_parked_messages to event_store_administrator;
