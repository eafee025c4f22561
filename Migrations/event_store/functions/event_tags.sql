-- The tags of those of the events at the positions that are of the tenant and have any, separated by spaces.
drop function if exists event_store.event_tags;
create function event_store.event_tags(of_tenant text, positions bigint[])
returns table ("position" bigint, tags text)
language sql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog
begin atomic
    select e.position, e.tags
    from unnest(positions) p (position)
    cross join lateral (select * from event_store.all_events a where a.position = p.position) e
    where e.tenant = of_tenant and e.tags is not null;
end;

revoke all on function event_store.event_tags from public;
grant execute on function event_store.event_tags to event_store_service, event_store_administrator;
