-- Stores a new webhook (expected_revision null) or a changed one, and does the same to its subscription: it begins at the
-- end of the log, receives the events of these types (null: all), stops when the webhook is disabled, and goes on with all
-- attempts when it is enabled again. With another URL, what failed at the one before is due at once.
--
-- Answers with saved and the new revision; changed and the present one, when that is not the expected one; missing; or full,
-- when the tenant has as many webhooks as it may.
drop function if exists event_store.save_webhook;
create function event_store.save_webhook(
    tenant text, id uuid, expected_revision bigint, url text, description text, types text[], secret text,
    previous_secret text, previous_until timestamptz, disabled_reason text, disabled_since timestamptz,
    created_at timestamptz, most_webhooks bigint, event_types text[], event_type_prefixes text[])
returns table (outcome text, revision bigint, failing_since timestamptz)
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    w event_store.webhooks;
    s event_store.subscriptions;
    group_name constant text := 'webhook.' || save_webhook.id;
    -- For what waits behind a message that cannot be delivered: a full window would stop all other streams.
    room constant bigint := 20000;
begin
    -- New ones are counted one after the other.
    perform pg_advisory_xact_lock(7226482, hashtext(save_webhook.tenant));
    select u.* into w from event_store.webhooks u where u.id = save_webhook.id;
    if expected_revision is null then
        if found then return query select 'changed', w.revision, w.failing_since; return; end if;
        if (select count(*) from event_store.webhooks u where u.tenant = save_webhook.tenant) >= most_webhooks then
            return query select 'full', null::bigint, null::timestamptz;
            return;
        end if;
        insert into event_store.webhooks values (
            save_webhook.id, save_webhook.tenant, save_webhook.url, save_webhook.description, save_webhook.types,
            save_webhook.secret, save_webhook.previous_secret, save_webhook.previous_until,
            save_webhook.disabled_reason, save_webhook.disabled_since, save_webhook.created_at, 0, null);
        -- The relay registers it again, with its settings.
        perform event_store.register_subscription(
            save_webhook.tenant, group_name, null, null, save_webhook.tenant, null, event_types, event_types, event_type_prefixes,
            room, 60000, 10, '{1000}', true);
        return query select 'saved', 0::bigint, null::timestamptz;
        return;
    end if;

    if w.tenant is distinct from save_webhook.tenant then
        return query select 'missing', null::bigint, null::timestamptz;
        return;
    end if;
    if w.revision <> expected_revision then
        return query select 'changed', w.revision, w.failing_since;
        return;
    end if;
    s := event_store.lock_subscription(save_webhook.tenant, group_name);
    update event_store.subscriptions u
    set changes = u.changes + 1, types = event_types, type_prefixes = event_type_prefixes,
        buffer_size = greatest(u.buffer_size, room), stop_reason = save_webhook.disabled_reason,
        stopped_at = case when save_webhook.disabled_reason is not null then save_webhook.disabled_since end
    where u.subscription_id = s.subscription_id;
    if w.disabled_reason is not null and save_webhook.disabled_reason is null then
        w.failing_since := null;
        update event_store.subscription_messages m set failures = 0, not_before = null
        where m.subscription_id = s.subscription_id and (m.failures > 0 or m.not_before is not null);
    elsif w.url <> save_webhook.url then
        w.failing_since := null;
        update event_store.subscription_messages m set not_before = null
        where m.subscription_id = s.subscription_id and m.not_before is not null;
    end if;
    update event_store.webhooks u
    set url = save_webhook.url, description = save_webhook.description, types = save_webhook.types,
        secret = save_webhook.secret, previous_secret = save_webhook.previous_secret,
        previous_until = save_webhook.previous_until, disabled_reason = save_webhook.disabled_reason,
        disabled_since = save_webhook.disabled_since, revision = u.revision + 1, failing_since = w.failing_since
    where u.id = save_webhook.id;
    return query select 'saved', w.revision + 1, w.failing_since;
end $$;

revoke all on function event_store.save_webhook from public;
grant execute on function event_store.save_webhook to event_store_service, event_store_administrator;
