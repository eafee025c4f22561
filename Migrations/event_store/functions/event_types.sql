-- The categories of the store with the types of their events: a few steps in an index, however many events there are.
drop function if exists event_store.event_types;
create function event_store.event_types() returns table (category text, type text)
language sql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog
begin atomic
    with recursive live as (
        (select split_part(e.stream, '-', 1) as category, e.type
         from event_store.events e order by 1, 2 limit 1)
        union all
        select n.category, n.type from live l, lateral (
            select split_part(e.stream, '-', 1) as category, e.type from event_store.events e
            where (split_part(e.stream, '-', 1), e.type) > (l.category, l.type) order by 1, 2 limit 1) n
    ),
    archived as (
        (select split_part(e.stream, '-', 1) as category, e.type
         from event_store.archived_events e order by 1, 2 limit 1)
        union all
        select n.category, n.type from archived l, lateral (
            select split_part(e.stream, '-', 1) as category, e.type from event_store.archived_events e
            where (split_part(e.stream, '-', 1), e.type) > (l.category, l.type) order by 1, 2 limit 1) n
    )
    select * from live union select * from archived;
end;

revoke all on function event_store.event_types from public;
grant execute on function event_store.event_types to event_store_service, event_store_administrator;
