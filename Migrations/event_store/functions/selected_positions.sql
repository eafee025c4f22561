-- The positions of the first events of a tenant, after a position, that one clause of a query selects: those with all of
-- the tags, in any of the streams, of any of the types; null is no condition.
--
-- It has no settings and not the owner's rights, so that PostgreSQL puts it into the statements that use it.
drop function if exists event_store.selected_positions;
create function event_store.selected_positions(
    of_tenant text, in_streams text[], of_types text[], with_tags text[], after_position bigint, max_events bigint)
returns table ("position" bigint) language sql stable as $$
    -- By the index of the tags.
    (select t.position
     from event_store.event_tags t
     where t.tenant = of_tenant and t.tag = with_tags[1] and t.position > after_position
       and not exists (
           select from unnest(with_tags[2:]) o (tag)
           where not exists (
               select from event_store.event_tags x
               where x.tenant = of_tenant and x.tag = o.tag and x.position = t.position))
       and (in_streams is null and of_types is null or exists (
           select from event_store.all_events e
           where e.position = t.position and (in_streams is null or e.stream = any (in_streams))
             and (of_types is null or e.type = any (of_types))))
     order by t.tenant, t.tag, t.position limit max_events)
    union all
    -- By the index of the streams, each from its end back to the position.
    (select f.position
     from unnest(in_streams) s (stream) cross join lateral (
         select e.position from event_store.all_events e
         where e.tenant = of_tenant and e.stream = s.stream
           and e.revision > coalesce((
               select b.revision from event_store.all_events b
               where b.tenant = of_tenant and b.stream = s.stream and b.position <= after_position
               order by b.revision desc limit 1), -1)
           and (of_types is null or e.type = any (of_types))
         order by e.revision limit max_events) f
     where with_tags is null)
    union all
    -- By the index of the tenants, as a range in its order, so that no other one can serve.
    (select e.position
     from event_store.all_events e
     where with_tags is null and in_streams is null and (e.tenant, e.position) > (of_tenant, after_position)
       and e.tenant <= of_tenant and (of_types is null or e.type = any (of_types))
     order by e.tenant, e.position limit max_events)
$$;

revoke all on function event_store.selected_positions from public;
