-- A page of each of several streams, one stream after the other in the order of the arguments, each in the order of its
-- revisions. What a call costs is shared by all that read at the same time.
drop function if exists event_store.read_streams;
create function event_store.read_streams(
    tenants text[], streams text[], first_revisions bigint[], max_events bigint[])
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint, place bigint)
language plpgsql stable security definer
-- A plan made for any number of streams, which the size of the tables does not change.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    if not exists (select from event_store.archived_events) then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
               w.place
        from unnest(tenants, streams, first_revisions, max_events)
                 with ordinality w (tenant, stream, first_revision, max_events, place)
        cross join lateral (
            select * from event_store.events a
            where a.tenant = w.tenant and a.stream = w.stream and a.revision >= w.first_revision
            order by a.revision limit w.max_events) e;
    else
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
               w.place
        from unnest(tenants, streams, first_revisions, max_events)
                 with ordinality w (tenant, stream, first_revision, max_events, place)
        cross join lateral (
            select * from event_store.all_events a
            where a.tenant = w.tenant and a.stream = w.stream and a.revision >= w.first_revision
            order by a.revision limit w.max_events) e;
    end if;
end $$;

revoke all on function event_store.read_streams from public;
grant execute on function event_store.read_streams to event_store_service, event_store_administrator;
