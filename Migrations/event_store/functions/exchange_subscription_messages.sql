-- Settles what a consumer hands in, draws from the log, and hands out at most max_messages: those with the lowest
-- positions whose streams are in nobody else's hands and do not wait for another attempt.
--
-- A message is named by its position and the number of the exchange that handed it out. done: handled or skipped. failed:
-- each with its verdict (retry, park or stop), a delay in ms or null, and a reason. holding: what the consumer has in hand
-- besides, all else is taken back from it; null: it does not say. Of the events between tail_after and tail_end it has the
-- data in memory.
--
-- The first row has no event; it says which settlements came too late, why the group stands, whether nothing is unsettled but
-- what the consumer has in hand, and what of the handout it has in memory. No row: no such group.
drop function if exists event_store.exchange_subscription_messages;
create function event_store.exchange_subscription_messages(
    tenant text, name text, consumer text, max_messages bigint, done_positions bigint[], done_numbers bigint[],
    failed_positions bigint[], failed_numbers bigint[], verdicts text[], delays_ms bigint[], reasons text[],
    holding_positions bigint[], holding_numbers bigint[], tail_after bigint, tail_end bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, event_number bigint, of_tenant text, stream text, number bigint, attempt integer,
    refused_positions bigint[], refused_numbers bigint[], stop_reason text, is_drained boolean,
    tail_positions bigint[], tail_ids uuid[])
language plpgsql security definer
-- Its statements are planned once for a session: planning them with every call costs as much as running them.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    s event_store.subscriptions;
    id integer;
    moment timestamptz;
    has_rows boolean;
    in_hand bigint[];                       -- positions, or the places of those in the arguments
    others integer[];                       -- the keys of streams that are in other hands
    blocked integer[];                      -- those, and the keys of streams with messages that wait
    room bigint;
    handed bigint[] := '{}';                -- messages with rows
    failures integer[];
    drawn record;
    new_positions bigint[] := '{}';         -- messages without
    new_keys integer[] := '{}';
    new_ids uuid[] := '{}';
begin
    -- A settlement that is lost with the server is a message that comes again, as after any other failure. So the group
    -- need not wait for the disk while it is locked. What is committed later is never kept without this.
    perform set_config('synchronous_commit', 'off', true);
    s := event_store.lock_subscription(exchange_subscription_messages.tenant, exchange_subscription_messages.name);
    id := s.subscription_id;
    if id is null then return; end if;
    moment := clock_timestamp();

    if max_messages = 0 and holding_positions = '{}' then
        delete from event_store.subscription_consumers c
        where c.subscription_id = id and c.consumer = exchange_subscription_messages.consumer;
    elsif not exists (
        select from event_store.subscription_consumers c
        where c.subscription_id = id and c.consumer = exchange_subscription_messages.consumer
          and c.seen_at > moment - interval '10 s') then
        delete from event_store.subscription_consumers c
        where c.subscription_id = id and c.seen_at < moment - interval '1 hour';
        insert into event_store.subscription_consumers values (id, exchange_subscription_messages.consumer, moment)
        on conflict on constraint subscription_consumers_pkey do update set seen_at = excluded.seen_at;
    end if;

    if s.next_deadline <= moment then
        perform event_store.unpack_subscription_handouts(id, array(
            select h.consumer from event_store.subscription_handouts h
            where h.subscription_id = id and h.deadline <= moment
            union
            select m.consumer from event_store.subscription_messages m
            where m.subscription_id = id and m.position >= s.lowest_position and m.deadline <= moment), null);
        select u.* into s from event_store.subscriptions u where u.subscription_id = id;
        -- A consumer works on the first one of a stream; the others have only been waiting behind it.
        select array_agg(first.position) into in_hand from (
            select distinct on (m.stream) m.position from event_store.subscription_messages m
            where m.subscription_id = id and m.position >= s.lowest_position and m.deadline <= moment
            order by m.stream, m.position) first;
        if in_hand is not null then
            perform event_store.fail_subscription_messages(
                s, in_hand, array_fill('retry'::text, array[cardinality(in_hand)]), null,
                array_fill('it ran out of time'::text, array[cardinality(in_hand)]), moment);
        end if;
        update event_store.subscriptions u
        set next_deadline = coalesce(least((
            select min(m.deadline) from event_store.subscription_messages m
            where m.subscription_id = id and m.position >= s.lowest_position), (
            select min(h.deadline) from event_store.subscription_handouts h where h.subscription_id = id)), 'infinity')
        where u.subscription_id = id;
    end if;

    -- What is done goes first: a failure takes back only what was not done in the same exchange. The positions are looked up
    -- in the index, and the pairs compared by a hash: a join of the two would be planned as if both were small.
    if done_positions <> '{}' then
        select d.positions, d.numbers into refused_positions, refused_numbers
        from event_store.settle_subscription_handouts(
            id, exchange_subscription_messages.consumer, done_positions, done_numbers) d;
        if refused_positions is not null then
            with gone as (
                delete from event_store.subscription_messages m
                where m.subscription_id = id and m.position = any (refused_positions)
                  and m.consumer = exchange_subscription_messages.consumer
                  and ((m.position, m.number) in (
                      select d.position, d.number from unnest(refused_positions, refused_numbers) d (position, number)))
                      is true
                returning m.position, m.number
            )
            select array_agg(d.position), array_agg(d.number) into refused_positions, refused_numbers
            from unnest(refused_positions, refused_numbers) d (position, number)
            where (d.position, d.number) not in (select gone.position, gone.number from gone);
            update event_store.subscriptions u
            set lowest_position = coalesce((
                    select min(m.position) from event_store.subscription_messages m
                    where m.subscription_id = id and m.position >= s.lowest_position), u.read_position + 1)
            where u.subscription_id = id;
        end if;
        update event_store.subscriptions u
        set settled = u.settled + cardinality(done_positions) - coalesce(cardinality(refused_positions), 0)
        where u.subscription_id = id;
    end if;

    if failed_positions <> '{}' then
        perform event_store.unpack_subscription_handouts(
            id, array[exchange_subscription_messages.consumer], array(
                select m.key
                from event_store.subscription_handouts h, unnest(h.positions, h.stream_keys) m (position, key)
                where h.subscription_id = id and h.consumer = exchange_subscription_messages.consumer
                  and m.position = any (failed_positions)
                union
                select hashtext(m.stream) from event_store.subscription_messages m
                where m.subscription_id = id and m.position = any (failed_positions)));
        in_hand := array(
            select f.place from event_store.subscription_messages m
            join unnest(failed_positions, failed_numbers) with ordinality f (position, number, place)
              on m.position = f.position and m.number = f.number
            where m.subscription_id = id and m.consumer = exchange_subscription_messages.consumer);
        select refused_positions || array_agg(f.position), refused_numbers || array_agg(f.number)
        into refused_positions, refused_numbers
        from unnest(failed_positions, failed_numbers) with ordinality f (position, number, place)
        where f.place <> all (in_hand);
        perform event_store.fail_subscription_messages(
            s, array_agg(f.position), array_agg(f.verdict), array_agg(f.delay_ms), array_agg(f.reason), moment)
        from unnest(failed_positions, verdicts, delays_ms, reasons) with ordinality
            f (position, verdict, delay_ms, reason, place)
        where f.place = any (in_hand);
    end if;

    if holding_positions is not null then
        perform event_store.unpack_subscription_handouts(
            id, array[exchange_subscription_messages.consumer], array(
                select distinct m.key
                from event_store.subscription_handouts h, unnest(h.positions, h.stream_keys) m (position, key)
                where h.subscription_id = id and h.consumer = exchange_subscription_messages.consumer
                  and ((m.position, h.number) in (
                      select k.position, k.number from unnest(holding_positions, holding_numbers) k (position, number)))
                      is not true));
        update event_store.subscription_messages m set consumer = null, number = null, deadline = null
        where m.subscription_id = id and m.consumer = exchange_subscription_messages.consumer
          and m.position >= (select u.lowest_position from event_store.subscriptions u where u.subscription_id = id)
          and ((m.position, m.number) in (
              select h.position, h.number from unnest(holding_positions, holding_numbers) h (position, number)))
              is not true;
    end if;

    select u.* into s from event_store.subscriptions u where u.subscription_id = id;
    stop_reason := s.stop_reason;
    has_rows := exists (
        select from event_store.subscription_messages m
        where m.subscription_id = id and m.position >= s.lowest_position);
    if max_messages = 0 or s.stopped_at is not null then
        is_drained := s.stopped_at is not null or not has_rows;
        return next;
        return;
    end if;

    select s.buffer_size - coalesce(sum(cardinality(h.positions)), 0) into room
    from event_store.subscription_handouts h where h.subscription_id = id;
    if has_rows then
        room := room - (
            select count(*) from event_store.subscription_messages m
            where m.subscription_id = id and m.position >= s.lowest_position);
    end if;
    if exists (select from event_store.parked_messages p where p.subscription_id = id and p.state = 'returns') then
        room := room - event_store.return_parked_messages(id, room);
        has_rows := true;
        select u.* into s from event_store.subscriptions u where u.subscription_id = id;
    end if;
    others := array(
        select k from event_store.subscription_handouts h, unnest(h.stream_keys) k
        where h.subscription_id = id and h.consumer <> exchange_subscription_messages.consumer);
    blocked := others;

    if has_rows then
        with busy as materialized (
            select m.stream from event_store.subscription_messages m
            where m.subscription_id = id and m.position >= s.lowest_position
              and (m.consumer <> exchange_subscription_messages.consumer or m.not_before > moment)
        )
        select coalesce(array_agg(f.position order by f.position), '{}') into handed from (
            select m.position from event_store.subscription_messages m
            where m.subscription_id = id and m.consumer is null and m.position >= s.lowest_position
              and m.stream not in (select busy.stream from busy)
              and hashtext(m.stream) not in (select k from unnest(others) k)
            order by m.position limit max_messages) f;
        with taken as (
            update event_store.subscription_messages m
            set consumer = exchange_subscription_messages.consumer, number = s.exchanges + 1,
                deadline = moment + s.message_timeout, not_before = null
            where m.subscription_id = id and m.position = any (handed)
            returning m.position, m.failures
        )
        select array_agg(t.failures order by t.position) into failures from taken t;
        blocked := others || array(
            select hashtext(m.stream) from event_store.subscription_messages m
            where m.subscription_id = id and m.position >= s.lowest_position
              and m.consumer is distinct from exchange_subscription_messages.consumer);
    end if;

    is_drained := blocked = '{}' and not has_rows;
    loop
        exit when room <= 0 or cardinality(handed) + cardinality(new_positions) >= max_messages
            or s.read_position >= event_store.head();
        select * into drawn from event_store.draw_subscription_messages(
            s, least(room, max_messages - cardinality(handed) - cardinality(new_positions)), tail_after, tail_end);
        s.read_position := drawn.read_position;
        s.read_revision := drawn.read_revision;
        room := room - cardinality(drawn.positions);
        if blocked <> '{}' then
            -- What waits for others gets a row; who draws the next page need not look at it.
            insert into event_store.subscription_messages (subscription_id, position, stream)
            select id, d.position, e.stream
            from unnest(drawn.positions, drawn.stream_keys) d (position, key), lateral (
                select e.stream from event_store.all_events e where e.position = d.position) e
            where d.key in (select k from unnest(blocked) k);
            select coalesce(array_agg(d.position), '{}'), array_agg(d.key), array_agg(d.tail_id)
            into drawn.positions, drawn.stream_keys, drawn.tail_ids
            from unnest(drawn.positions, drawn.stream_keys, drawn.tail_ids) d (position, key, tail_id)
            where d.key not in (select k from unnest(blocked) k);
        end if;
        if new_positions = '{}' then
            new_positions := drawn.positions;
            new_keys := drawn.stream_keys;
            new_ids := drawn.tail_ids;
        else
            new_positions := new_positions || drawn.positions;
            new_keys := new_keys || drawn.stream_keys;
            new_ids := new_ids || drawn.tail_ids;
        end if;
    end loop;

    if new_positions <> '{}' then
        insert into event_store.subscription_handouts values (
            id, s.exchanges + 1, exchange_subscription_messages.consumer, moment + s.message_timeout, new_positions,
            new_keys);
    end if;
    if handed <> '{}' or new_positions <> '{}' then
        number := s.exchanges + 1;
        s.exchanges := number;
        s.next_deadline := least(s.next_deadline, moment + s.message_timeout);
    end if;
    update event_store.subscriptions u
    set read_position = s.read_position, read_revision = s.read_revision, exchanges = s.exchanges,
        next_deadline = s.next_deadline
    where u.subscription_id = id and (u.read_position <> s.read_position or u.exchanges <> s.exchanges);

    if array_position(new_ids, null) is null and new_positions <> '{}' then
        tail_positions := new_positions;
        tail_ids := new_ids;
        new_positions := '{}';
    else
        select array_agg(n.position) filter (where n.tail_id is not null),
               array_agg(n.tail_id) filter (where n.tail_id is not null),
               coalesce(array_agg(n.position) filter (where n.tail_id is null), '{}')
        into tail_positions, tail_ids, new_positions
        from unnest(new_positions, new_ids) n (position, tail_id);
    end if;
    return next;
    if handed <> '{}' then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.number, e.tenant, e.stream, s.exchanges, h.failures + 1, null::bigint[], null::bigint[], null::text,
               null::boolean, null::bigint[], null::uuid[]
        from unnest(handed, failures) with ordinality h (position, failures, place), lateral (
            select * from event_store.all_events e where e.position = h.position) e
        order by h.place;
    end if;
    -- Positions without a gap are read as a range.
    if new_positions[cardinality(new_positions)] - new_positions[1] + 1 = cardinality(new_positions) then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.number, e.tenant, e.stream, s.exchanges, 1, null::bigint[], null::bigint[], null::text,
               null::boolean, null::bigint[], null::uuid[]
        from event_store.all_events e
        where e.position >= new_positions[1] and e.position <= new_positions[cardinality(new_positions)]
        order by e.position;
    elsif new_positions <> '{}' then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.number, e.tenant, e.stream, s.exchanges, 1, null::bigint[], null::bigint[], null::text,
               null::boolean, null::bigint[], null::uuid[]
        from unnest(new_positions) with ordinality h (position, place), lateral (
            select * from event_store.all_events e where e.position = h.position) e
        order by h.place;
    end if;
end $$;

revoke all on function event_store.exchange_subscription_messages from public;
grant execute on function event_store.exchange_subscription_messages to event_store_service;
