-- Stores deliveries of a webhook, and deletes some that are older than max_age. Answers with the time since which it has
-- failed without interruption; null when its last delivery was successful. Tests (position null) do not count in that.
--
-- A success after failures of recovery_age or longer says that the webhook works again: what waits for another attempt is
-- due at once.
drop function if exists event_store.record_webhook_deliveries;
create function event_store.record_webhook_deliveries(
    webhook_id uuid, ids uuid[], event_ids uuid[], types text[], positions bigint[], attempts integer[],
    times timestamptz[], durations_us bigint[], statuses integer[], failures text[], max_age interval,
    recovery_age interval)
returns timestamptz
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    w event_store.webhooks;
    s event_store.subscriptions;
    last_success timestamptz;
    first_failure timestamptz;
    since timestamptz;
begin
    select u.* into w from event_store.webhooks u where u.id = record_webhook_deliveries.webhook_id for no key update;
    if not found then return null; end if;
    insert into event_store.webhook_deliveries (
        webhook_id, id, event_id, type, position, attempt, at, duration_us, status, failure)
    select record_webhook_deliveries.webhook_id, d.*
    from unnest(ids, event_ids, types, positions, attempts, times, durations_us, statuses, failures) d
    on conflict on constraint webhook_deliveries_pkey do nothing;
    delete from event_store.webhook_deliveries d
    where d.webhook_id = record_webhook_deliveries.webhook_id and d.id in (
        select o.id from event_store.webhook_deliveries o where o.webhook_id = record_webhook_deliveries.webhook_id
        order by o.id limit 200)
      and d.at < clock_timestamp() - max_age;

    select max(d.at) filter (where d.failure is null) into last_success
    from unnest(positions, times, failures) d (position, at, failure) where d.position is not null;
    select min(d.at) into first_failure from unnest(positions, times, failures) d (position, at, failure)
    where d.position is not null and d.failure is not null and (last_success is null or d.at > last_success);
    since := case when last_success is null then coalesce(w.failing_since, first_failure) else first_failure end;
    if since is distinct from w.failing_since then
        update event_store.webhooks u set failing_since = since where u.id = w.id;
    end if;
    if last_success >= w.failing_since + recovery_age then
        s := event_store.lock_subscription(w.tenant, 'webhook.' || w.id);
        update event_store.subscription_messages m set not_before = null
        where m.subscription_id = s.subscription_id and m.not_before is not null;
        update event_store.subscriptions u set changes = u.changes + 1 where u.subscription_id = s.subscription_id;
    end if;
    return since;
end $$;

revoke all on function event_store.record_webhook_deliveries from public;
grant execute on function event_store.record_webhook_deliveries to event_store_service, event_store_administrator;
