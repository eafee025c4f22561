-- A page of the whole log, in the order of reading. after_position is excluded; null stands for the end that reading
-- starts at.
drop function if exists event_store.read_log;
create function event_store.read_log(after_position bigint, backwards boolean, max_events bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint, tenant text, stream text)
language plpgsql stable security definer
-- There is one way to read, by the index of the positions, and it is as good for every limit: without this setting,
-- PostgreSQL plans every call, which costs three times what reading the page costs.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    if backwards then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.number, e.tenant, e.stream
        from event_store.all_events e
        where e.position < coalesce(after_position, 9223372036854775807)
        order by e.position desc limit max_events;
    else
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.number, e.tenant, e.stream
        from event_store.all_events e
        where e.position > coalesce(after_position, 0)
        order by e.position limit max_events;
    end if;
end $$;

revoke all on function event_store.read_log from public;
grant execute on function event_store.read_log to event_store_service, event_store_administrator;
