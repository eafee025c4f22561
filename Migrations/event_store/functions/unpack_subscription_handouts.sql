-- Gives messages that were handed out together rows of their own, still in the hands of their consumers: those of these
-- consumers (null: of all), in streams with these keys (null: in all).
drop function if exists event_store.unpack_subscription_handouts;
create function event_store.unpack_subscription_handouts(id integer, consumers text[], keys integer[])
returns void language plpgsql security definer
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    with held as materialized (
        select h.number, h.consumer, h.deadline, m.position, m.key,
               keys is null or m.key in (select k from unnest(keys) k) as is_wanted
        from event_store.subscription_handouts h, unnest(h.positions, h.stream_keys) m (position, key)
        where h.subscription_id = id and (consumers is null or h.consumer = any (consumers))
    ),
    rest as (
        select held.number, array_agg(held.position order by held.position) as positions,
               array_agg(held.key order by held.position) as stream_keys
        from held where not held.is_wanted group by held.number
    ),
    kept as (
        update event_store.subscription_handouts h set positions = rest.positions, stream_keys = rest.stream_keys
        from rest where h.subscription_id = id and h.number = rest.number
          and cardinality(h.positions) <> cardinality(rest.positions)
    ),
    emptied as (
        delete from event_store.subscription_handouts h
        where h.subscription_id = id and h.number in (select held.number from held)
          and h.number not in (select rest.number from rest)
    ),
    unpacked as (
        insert into event_store.subscription_messages (subscription_id, position, stream, consumer, number, deadline)
        select id, held.position, e.stream, held.consumer, held.number, held.deadline
        from held, lateral (select e.stream from event_store.all_events e where e.position = held.position) e
        where held.is_wanted
        returning position
    )
    update event_store.subscriptions u set lowest_position = lowest.position
    from (select min(unpacked.position) as position from unpacked) lowest
    where u.subscription_id = id and u.lowest_position > lowest.position;
end $$;

revoke all on function event_store.unpack_subscription_handouts from public;
