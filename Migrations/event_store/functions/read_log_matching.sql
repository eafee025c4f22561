-- As before, but for the events of one tenant.
drop function if exists event_store.read_log_matching;
create function event_store.read_log_matching(
    after_position bigint, backwards boolean, max_events bigint,
    of_tenant text, categories text[], types text[], type_prefixes text[])
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint, tenant text, stream text)
language plpgsql stable security definer
-- Whatever the estimates: an index that has the wanted order is read, and not another one whose finds are sorted.
set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off set jit = off
set search_path = pg_catalog as $$
declare
    -- One statement for both directions and all indexes: what differs is put in here.
    columns constant text := 'e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data,
        e.metadata, e.number, e.tenant, e.stream';
    wanted constant text := '($4 is null or %1$s = any ($4)) and ($5 is null and $6 is null or %2$s = any ($5)
        or %2$s ^@ any ($6))';
    wanted_event constant text := format(wanted, 'split_part(e.stream, ''-'', 1)', 'e.type');
    start bigint := coalesce(after_position, case when backwards then 9223372036854775807 else 0 end);
    remaining bigint := max_events;
    found_events bigint;
    is_dense boolean;
    statement text;
begin
    -- The next few positions tell how dense the events are; some more are read in their order, and what is still missing
    -- then comes from where they end.
    if of_tenant is null and not backwards and event_store.head() - start >= max_events then
        execute format('select 2 * count(*) >= $2 from event_store.all_events e
            where e.position > $1 and e.position <= $1 + $2 and %s', wanted_event)
        into is_dense using start, least(max_events, 50), of_tenant, categories, types, type_prefixes;
        if is_dense then
            return query execute format('select %s from event_store.all_events e
                where e.position > $1 and e.position <= $1 + $2 * 4 and %s order by e.position limit $2',
                columns, wanted_event)
            using start, max_events, of_tenant, categories, types, type_prefixes;
            get diagnostics found_events = row_count;
            if found_events = max_events then return; end if;
            start := start + max_events * 4;
            remaining := max_events - found_events;
        end if;
    end if;

    if of_tenant is not null then
        -- As a range in the order of the tenants' index, so that no other one can serve: of what is seldom, the order of the
        -- positions would lead through the log, and estimates do not always tell.
        statement := format('select %1$s from event_store.all_events e
            where (e.tenant, e.position) %2$s ($3, $1) and e.tenant %3$s $3 and %5$s
            order by e.tenant %4$s, e.position %4$s limit $2', columns, case when backwards then '<' else '>' end,
            case when backwards then '>=' else '<=' end, case when backwards then 'desc' else 'asc' end,
            wanted_event);
    else
        -- Merged from the heads of the index for each category and type. They are given as a range in the order of that
        -- index, so that no other one can serve: for a rare type, the order of the positions would lead through the log.
        statement := format('select e.* from event_store.event_types() t, lateral (
                select %1$s from event_store.all_events e
                where (split_part(e.stream, ''-'', 1), e.type, e.position) %2$s (t.category, t.type, $1)
                  and (split_part(e.stream, ''-'', 1), e.type) %3$s (t.category, t.type)
                order by split_part(e.stream, ''-'', 1) %4$s, e.type %4$s, e.position %4$s limit $2) e
            where %5$s order by e.position %4$s limit $2', columns, case when backwards then '<' else '>' end,
            case when backwards then '>=' else '<=' end, case when backwards then 'desc' else 'asc' end,
            format(wanted, 't.category', 't.type'));
    end if;
    return query execute statement
    using start, remaining, of_tenant, categories, types, type_prefixes;
end $$;

revoke all on function event_store.read_log_matching from public;
grant execute on function event_store.read_log_matching to event_store_service, event_store_administrator;
