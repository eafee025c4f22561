-- The deliveries of a webhook, the latest first: those before an id, unless that is null.
drop function if exists event_store.webhook_deliveries;
create function event_store.webhook_deliveries(webhook_id uuid, before_id uuid, most_rows bigint)
returns setof event_store.webhook_deliveries
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    return query select d.* from event_store.webhook_deliveries d
        where d.webhook_id = webhook_deliveries.webhook_id and (before_id is null or d.id < before_id)
        order by d.id desc limit most_rows;
end $$;

revoke all on function event_store.webhook_deliveries from public;
grant execute on function event_store.webhook_deliveries to event_store_service, event_store_administrator;
