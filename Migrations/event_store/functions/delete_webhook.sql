-- Deletes a webhook with its deliveries, its subscription and what waits in that. Answers with whether there was one.
drop function if exists event_store.delete_webhook;
create function event_store.delete_webhook(tenant text, id uuid) returns boolean
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    delete from event_store.webhooks w where w.tenant = delete_webhook.tenant and w.id = delete_webhook.id;
    if not found then return false; end if;
    perform event_store.remove_subscription(delete_webhook.tenant, 'webhook.' || delete_webhook.id);
    return true;
end $$;

revoke all on function event_store.delete_webhook from public;
grant execute on function event_store.delete_webhook to event_store_service, event_store_administrator;
