-- Gives back what no longer has a parked message before it in its stream. Answers with how many these are.
drop function if exists event_store.return_unblocked_messages;
create function event_store.return_unblocked_messages(id integer) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    returned bigint;
begin
    update event_store.parked_messages p set state = 'returns'
    where p.subscription_id = id and p.state = 'waits' and not exists (
        select from event_store.parked_messages b
        join event_store.subscriptions s on s.subscription_id = b.subscription_id and s.holds_back
        where b.subscription_id = id and b.stream = p.stream and b.position < p.position and b.state = 'parked');
    get diagnostics returned = row_count;
    update event_store.subscriptions s set changes = s.changes + 1 where s.subscription_id = id;
    return returned;
end $$;

revoke all on function event_store.return_unblocked_messages from public;
