-- Takes what is done out of the handouts of a consumer. Answers with what is not in them.
drop function if exists event_store.settle_subscription_handouts;
create function event_store.settle_subscription_handouts(
    id integer, consumer text, inout positions bigint[], inout numbers bigint[])
language plpgsql security definer
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    -- Most are done as a whole.
    with done as (
        select d.number, array_agg(d.position order by d.position) as positions
        from unnest(settle_subscription_handouts.positions, settle_subscription_handouts.numbers) d (position, number)
        group by d.number
    ),
    gone as (
        delete from event_store.subscription_handouts h using done
        where h.subscription_id = id and h.number = done.number and h.positions = done.positions
          and h.consumer = settle_subscription_handouts.consumer
        returning h.number
    )
    select array_agg(d.position), array_agg(d.number)
    into settle_subscription_handouts.positions, settle_subscription_handouts.numbers
    from unnest(settle_subscription_handouts.positions, settle_subscription_handouts.numbers) d (position, number)
    where d.number not in (select gone.number from gone);
    if settle_subscription_handouts.positions is null then return; end if;

    with done as materialized (
        select d.position, d.number
        from unnest(settle_subscription_handouts.positions, settle_subscription_handouts.numbers) d (position, number)
    ),
    held as materialized (
        select h.number, m.position, m.key,
               (m.position, h.number) in (select done.position, done.number from done) as is_done
        from event_store.subscription_handouts h, unnest(h.positions, h.stream_keys) m (position, key)
        where h.subscription_id = id and h.consumer = settle_subscription_handouts.consumer
          and h.number in (select done.number from done)
    ),
    rest as (
        select held.number, array_agg(held.position order by held.position) as positions,
               array_agg(held.key order by held.position) as stream_keys
        from held where not held.is_done group by held.number
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
    )
    select array_agg(done.position), array_agg(done.number)
    into settle_subscription_handouts.positions, settle_subscription_handouts.numbers
    from done
    where (done.position, done.number) not in (select held.position, held.number from held where held.is_done);
end $$;

revoke all on function event_store.settle_subscription_handouts from public;
