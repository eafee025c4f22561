-- Delivers events to a webhook again: all behind a position, all that were recorded behind a time, or one event. Exactly one
-- of the last three arguments is not null.
--
-- Answers with the position behind which delivery begins again, or that of the event; -1 when the webhook does not receive
-- such an event; null for no such webhook.
drop function if exists event_store.replay_webhook;
create function event_store.replay_webhook(
    tenant text, id uuid, behind bigint, since timestamptz, event_id uuid)
returns bigint language plpgsql security definer set enable_seqscan = off set jit = off
set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    s event_store.subscriptions;
    found_position bigint;
    found_stream text;
begin
    perform from event_store.webhooks w where w.tenant = replay_webhook.tenant and w.id = replay_webhook.id;
    if not found then return null; end if;
    s := event_store.lock_subscription(replay_webhook.tenant, 'webhook.' || replay_webhook.id);

    if replay_webhook.event_id is null then
        -- A position that the log has not reached is its end. What was not drawn yet comes anyway.
        found_position := least(coalesce(behind, event_store.position_at(since)), event_store.head());
        perform event_store.reset_subscription(
            s.tenant, s.name, least(found_position, s.read_position));
        return found_position;
    end if;

    select e.position, e.stream into found_position, found_stream from event_store.all_events e
    where e.event_id = replay_webhook.event_id and e.tenant = replay_webhook.tenant
      and (num_nonnulls(s.types, s.type_prefixes) = 0 or e.type = any (s.types)
           or exists (select from unnest(s.type_prefixes) prefix where starts_with(e.type, prefix)))
    order by e.position limit 1;
    if found_position is null then return -1; end if;
    -- What is not drawn yet comes anyway.
    if found_position > s.read_position then return found_position; end if;
    if exists (
        select from event_store.parked_messages p
        where p.subscription_id = s.subscription_id and p.position = found_position) then
        perform event_store.replay_parked_messages(
            replay_webhook.tenant, 'webhook.' || replay_webhook.id, null, found_position);
        return found_position;
    end if;
    if exists (
        select from event_store.subscription_handouts h
        where h.subscription_id = s.subscription_id and found_position = any (h.positions)) then
        return found_position;
    end if;
    insert into event_store.subscription_messages as m (subscription_id, position, stream)
    values (s.subscription_id, found_position, found_stream)
    on conflict on constraint subscription_messages_pkey do update set not_before = null;
    update event_store.subscriptions u
    set changes = u.changes + 1, lowest_position = least(u.lowest_position, found_position)
    where u.subscription_id = s.subscription_id;
    return found_position;
end $$;

revoke all on function event_store.replay_webhook from public;
grant execute on function event_store.replay_webhook to event_store_service, event_store_administrator;
