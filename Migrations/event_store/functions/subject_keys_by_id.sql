-- The keys with these ids, each of the tenant beside it; null for a key that was destroyed.
drop function if exists event_store.subject_keys_by_id;
create function event_store.subject_keys_by_id(tenants text[], key_ids uuid[])
returns table (tenant text, key_id uuid, subject text, key bytea)
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    return query select k.tenant::text, k.key_id, k.subject::text, k.key
        from unnest(tenants, key_ids) wanted (tenant, key_id)
        join event_store.subject_keys k on k.key_id = wanted.key_id and k.tenant = wanted.tenant;
end $$;

revoke all on function event_store.subject_keys_by_id from public;
grant execute on function event_store.subject_keys_by_id to event_store_service;
