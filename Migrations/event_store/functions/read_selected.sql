-- A page of the events of a tenant that a query selects, in the order of their positions, and the head of the log at the
-- same moment. Without events there is one row with the head alone.
--   clauses   an array of objects with tags, and with streams and types or without; see selected_positions
drop function if exists event_store.read_selected;
create function event_store.read_selected(of_tenant text, after_position bigint, max_events bigint, clauses jsonb)
returns table (
    head bigint, "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text,
    schema_version integer, data bytea, metadata bytea, number bigint, tenant text, stream text)
language plpgsql stable security definer
-- A plan that is good for tables of any size.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return query
    select h.head, e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
           e.number, e.tenant, e.stream
    from (select event_store.head() as head) h
    left join (
        select found.*
        from (
            select distinct s.position
            from jsonb_to_recordset(clauses) c (streams text[], types text[], tags text[])
            cross join lateral event_store.selected_positions(
                of_tenant, c.streams, c.types, c.tags, after_position, max_events) s
            order by s.position limit max_events) s
        cross join lateral (select * from event_store.all_events a where a.position = s.position) found) e on true
    order by e.position;
end $$;

revoke all on function event_store.read_selected from public;
grant execute on function event_store.read_selected to event_store_service, event_store_administrator;
