-- The bytes as JSON; null when they are none, or such as jsonb does not store.
drop function if exists event_store.json_or_null;
create function event_store.json_or_null(bytes bytea) returns jsonb
language plpgsql immutable set search_path = pg_catalog as $$
begin
    return convert_from(bytes, 'UTF8')::jsonb;
exception when data_exception or program_limit_exceeded then
    return null;
end $$;

revoke all on function event_store.json_or_null from public;
