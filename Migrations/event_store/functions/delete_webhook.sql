-- Deletes a webhook with its deliveries, its subscription and what waits in that, when it has the expected revision (null: any).
--
-- Answers with deleted; changed and the present revision, when that is not the expected one; or missing.
drop function if exists event_store.delete_webhook;
create function event_store.delete_webhook(tenant text, id uuid, expected_revision bigint)
returns table (outcome text, revision bigint)
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    present bigint;
begin
    -- One after the other with changes of webhooks.
    perform pg_advisory_xact_lock(7226482, hashtext(delete_webhook.tenant));
    select w.revision into present from event_store.webhooks w
    where w.tenant = delete_webhook.tenant and w.id = delete_webhook.id;
    if not found then
        return query select 'missing', null::bigint;
        return;
    end if;
    if present <> expected_revision then
        return query select 'changed', present;
        return;
    end if;
    delete from event_store.webhooks w where w.tenant = delete_webhook.tenant and w.id = delete_webhook.id;
    perform event_store.remove_subscription(delete_webhook.tenant, 'webhook.' || delete_webhook.id);
    return query select 'deleted', present;
end $$;

revoke all on function event_store.delete_webhook from public;
grant execute on function event_store.delete_webhook to event_store_service, event_store_administrator;
