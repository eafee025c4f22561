-- The next page of what a group receives: positions, with the keys of their streams, and the ids of those events between
-- tail_after and tail_end whose data the consumer has in memory as it is in the log. Answers also with the place behind the
-- page. Messages of streams that wait behind a parked one are put aside, and are not in the answer.
drop function if exists event_store.draw_subscription_messages;
create function event_store.draw_subscription_messages(
    s event_store.subscriptions, most bigint, tail_after bigint, tail_end bigint,
    out positions bigint[], out stream_keys integer[], out tail_ids uuid[], out read_position bigint,
    out read_revision bigint)
language plpgsql security definer
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    id constant integer := s.subscription_id;
    head bigint := event_store.head();
    few constant bigint := greatest(1000, 2 * most);
    is_filtered constant boolean := num_nonnulls(s.of_tenant, s.categories, s.types, s.type_prefixes) > 0;
begin
    -- The head is of the same moment as the page, or the page ends there: behind a page that is not full there is nothing up to
    -- the head. Of a few new events all are looked at, by a statement that is planned once.
    if s.stream is not null then
        select array_agg(l.position), array_agg(hashtext(l.stream)), array_agg(null::uuid), event_store.head()
        into positions, stream_keys, tail_ids, head from (
            select e.position, e.stream from event_store.all_events e
            where e.tenant = s.of_tenant and e.stream = s.stream and e.revision > s.read_revision
            order by e.revision limit most) l;
    elsif not is_filtered then
        select array_agg(l.position), array_agg(hashtext(l.stream)), array_agg(l.tail_id)
        into positions, stream_keys, tail_ids from (
            select e.position, e.stream, case
                when e.position > tail_after and e.position <= tail_end and e.redacted_at is null then e.event_id
                end as tail_id
            from event_store.all_events e
            where e.position > s.read_position and e.position <= head
            order by e.position limit most) l;
    elsif head - s.read_position <= few then
        select array_agg(l.position), array_agg(hashtext(l.stream)), array_agg(l.tail_id)
        into positions, stream_keys, tail_ids from (
            select e.position, e.stream, case
                when e.position > tail_after and e.position <= tail_end and e.redacted_at is null then e.event_id
                end as tail_id
            from event_store.all_events e
            where e.position > s.read_position and e.position <= head
              and (s.of_tenant is null or e.tenant = s.of_tenant)
              and (s.categories is null or split_part(e.stream, '-', 1) = any (s.categories))
              and (s.types is null and s.type_prefixes is null or e.type = any (s.types)
                   or e.type ^@ any (s.type_prefixes))
            order by e.position limit most) l;
    else
        select array_agg(l.position), array_agg(hashtext(l.stream)), array_agg(null::uuid), event_store.head()
        into positions, stream_keys, tail_ids, head
        from event_store.read_log_matching(
            s.read_position, false, most, s.of_tenant, s.categories, s.types, s.type_prefixes) l;
    end if;
    positions := coalesce(positions, '{}');
    read_position := case when cardinality(positions) = most then positions[most] else greatest(head, s.read_position) end;
    read_revision := s.read_revision + cardinality(positions);

    if s.holds_back and exists (select from event_store.parked_messages p where p.subscription_id = id) then
        with drawn as materialized (
            select d.position, d.key, d.tail_id, e.stream
            from unnest(positions, stream_keys, tail_ids) d (position, key, tail_id), lateral (
                select e.stream from event_store.all_events e where e.position = d.position) e
        ),
        aside as (
            insert into event_store.parked_messages (subscription_id, position, stream, state)
            select id, d.position, d.stream, case when behind.parked then 'waits' else 'returns' end
            from drawn d, lateral (
                select bool_or(p.state = 'parked') as parked from event_store.parked_messages p
                where p.subscription_id = id and p.stream = d.stream) behind
            where behind.parked is not null
            returning position
        )
        select coalesce(array_agg(d.position order by d.position), '{}'),
               array_agg(d.key order by d.position), array_agg(d.tail_id order by d.position)
        into positions, stream_keys, tail_ids
        from drawn d where d.position not in (select aside.position from aside);
    end if;
end $$;

revoke all on function event_store.draw_subscription_messages from public;
