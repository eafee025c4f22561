-- A page of the events of a tenant that a query selects, in the order of their positions, and the head of the log at the
-- same moment. Without events there is one row with the head alone.
--
-- Arguments with an element for each clause, see selected_positions; several values are separated by spaces:
--   clause_streams, clause_types, clause_tags
drop function if exists event_store.read_selected;
create function event_store.read_selected(
    of_tenant text, after_position bigint, max_events bigint, clause_streams text[], clause_types text[],
    clause_tags text[])
returns table (
    head bigint, "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text,
    schema_version integer, data bytea, metadata bytea, number bigint, tenant text, stream text)
language plpgsql stable security definer
-- A plan that is good for tables of any size: by an index that has the wanted order, whatever the estimates.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off
set jit = off set search_path = pg_catalog as $$
begin
    return query
    select h.head, e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
           e.number, e.tenant, e.stream
    from (select event_store.head() as head) h
    left join (
        select found.*
        from (
            select distinct s.position
            from unnest(clause_streams, clause_types, clause_tags) c (streams, types, tags)
            cross join lateral event_store.selected_positions(
                of_tenant, string_to_array(c.streams, ' '), string_to_array(c.types, ' '),
                string_to_array(c.tags, ' '), after_position, max_events) s
            order by s.position limit max_events) s
        -- Behind a fence: a plan made while a table was small would read it as a whole.
        cross join lateral (
            select * from event_store.all_events a where a.position = s.position offset 0) found) e on true
    order by e.position;
end $$;

revoke all on function event_store.read_selected from public;
grant execute on function event_store.read_selected to event_store_service, event_store_administrator;
