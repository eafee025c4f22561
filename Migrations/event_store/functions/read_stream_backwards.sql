-- A page of a stream, the last event first. first_revision is included; null stands for the end of the stream.
drop function if exists event_store.read_stream_backwards;
create function event_store.read_stream_backwards(tenant text, stream text, first_revision bigint, max_events bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint)
language plpgsql stable security definer
-- As in read_log.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number
    from event_store.all_events e
    where e.tenant = read_stream_backwards.tenant and e.stream = read_stream_backwards.stream
      and e.revision <= coalesce(first_revision, 9223372036854775807)
    order by e.revision desc limit max_events;
end $$;

revoke all on function event_store.read_stream_backwards from public;
grant execute on function event_store.read_stream_backwards to event_store_service, event_store_administrator;
