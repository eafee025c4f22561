-- The events of a tenant with an id, in the order of their positions; ids are unique within a stream.
drop function if exists event_store.events_by_id;
create function event_store.events_by_id(of_tenant text, id uuid)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint, tenant text, stream text)
language plpgsql stable security definer
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
           e.tenant, e.stream
    -- By the id, behind a fence: a plan made while a table was small would use another index.
    from (select * from event_store.all_events a where a.event_id = id offset 0) e
    where e.tenant = of_tenant
    order by e.position;
end $$;

revoke all on function event_store.events_by_id from public;
grant execute on function event_store.events_by_id to event_store_service, event_store_administrator;
