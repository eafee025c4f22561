-- Makes a group, or gives the one that there is these settings. Answers with false when there is one on another source.
-- A start_position of null stands for the end of the log. present_types: of each of the types, the name that its event has
-- now. A group whose types are some of the names of the same events is on the same source, and gets the others.
drop function if exists event_store.register_subscription;
create function event_store.register_subscription(
    tenant text, name text, start_position bigint,
    stream text, of_tenant text, categories text[], types text[], present_types text[],
    type_prefixes text[], buffer_size bigint, message_timeout_ms bigint, max_attempts integer, retry_delays_ms bigint[], holds_back boolean)
returns boolean language plpgsql security definer set enable_seqscan = off set jit = off
set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    found_subscription event_store.subscriptions;
    first_position constant bigint := coalesce(start_position, event_store.head());
    timeout constant interval := message_timeout_ms * interval '1 ms';
    delays constant interval[] := array(select ms * interval '1 ms' from unnest(retry_delays_ms) ms);
begin
    insert into event_store.subscriptions (
        tenant, name, stream, of_tenant, categories, types, type_prefixes, buffer_size, message_timeout, max_attempts,
        retry_delays, holds_back, start_position, read_position, lowest_position, read_revision)
    values (
        register_subscription.tenant, register_subscription.name, register_subscription.stream,
        register_subscription.of_tenant, register_subscription.categories, register_subscription.types,
        register_subscription.type_prefixes, register_subscription.buffer_size, timeout,
        register_subscription.max_attempts, delays, register_subscription.holds_back, first_position, first_position,
        first_position + 1,
        case when first_position = 0 or register_subscription.stream is null then -1 else coalesce((
            select e.revision from event_store.all_events e
            where e.tenant = register_subscription.of_tenant and e.stream = register_subscription.stream
              and e.position <= first_position
            order by e.revision desc limit 1), -1) end)
    on conflict on constraint subscriptions_tenant_name_key do nothing;
    if found then return true; end if;
    found_subscription := event_store.lock_subscription(register_subscription.tenant, register_subscription.name);
    if (found_subscription.stream, found_subscription.of_tenant, found_subscription.categories,
        found_subscription.type_prefixes)
       is distinct from (register_subscription.stream, register_subscription.of_tenant, register_subscription.categories,
        register_subscription.type_prefixes) then
        return false;
    end if;
    if found_subscription.types is distinct from register_subscription.types and (
        num_nulls(found_subscription.types, register_subscription.type_prefixes) = 2
        or (coalesce(found_subscription.types, '{}') <@ register_subscription.types
            and not exists (
                select t.present from unnest(register_subscription.types, present_types) t (type, present)
                except
                select t.present from unnest(register_subscription.types, present_types) t (type, present)
                where t.type = any (found_subscription.types) or t.type ^@ any (register_subscription.type_prefixes)))
           is not true) then
        return false;
    end if;
    update event_store.subscriptions s
    set types = register_subscription.types, buffer_size = register_subscription.buffer_size, message_timeout = timeout,
        max_attempts = register_subscription.max_attempts, retry_delays = delays,
        holds_back = register_subscription.holds_back
    where s.subscription_id = found_subscription.subscription_id;
    perform event_store.return_unblocked_messages(found_subscription.subscription_id);
    return true;
end $$;

revoke all on function event_store.register_subscription from public;
grant execute on function event_store.register_subscription to event_store_service;
