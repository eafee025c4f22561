-- Webhooks in the order of their ids: of a tenant, or of all (null); behind an id, unless that is null; those that are
-- enabled, or all. The one of an id is found by find_id.
drop function if exists event_store.webhooks;
create function event_store.webhooks(
    tenant text, find_id uuid, after_id uuid, only_enabled boolean, most_rows bigint)
returns setof event_store.webhooks
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    return query select w.* from event_store.webhooks w
        where (webhooks.tenant is null or w.tenant = webhooks.tenant)
          and (find_id is null or w.id = find_id)
          and (after_id is null or w.id > after_id)
          and (not only_enabled or w.disabled_reason is null)
        order by w.id limit most_rows;
end $$;

revoke all on function event_store.webhooks from public;
grant execute on function event_store.webhooks to event_store_service, event_store_administrator;
