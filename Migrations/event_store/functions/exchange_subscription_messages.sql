-- Settles what a consumer hands in, draws from the log, and hands out at most max_messages: those with the lowest
-- positions whose streams are in nobody else's hands and do not wait for another attempt.
--
-- A message is named by its position and the number of the exchange that handed it out. done: handled or skipped. failed:
-- each with its verdict (retry, park or stop), a delay in ms or null, and a reason. holding: what the consumer has in hand
-- besides, all else is taken back from it; null: it does not say.
--
-- The first row has no event; it says which settlements came too late, and why the group stands. No row: no such group.
drop function if exists event_store.exchange_subscription_messages;
create function event_store.exchange_subscription_messages(
    tenant text, name text, consumer text, max_messages bigint, done_positions bigint[], done_numbers bigint[],
    failed_positions bigint[], failed_numbers bigint[], verdicts text[], delays_ms bigint[], reasons text[],
    holding_positions bigint[], holding_numbers bigint[])
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, event_number bigint, of_tenant text, stream text, number bigint, attempt integer,
    refused_positions bigint[], refused_numbers bigint[], stop_reason text)
language plpgsql security definer
-- Its statements are planned once for a session: planning them with every call costs as much as running them.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    s event_store.subscriptions;
    id integer;
    moment timestamptz;
    in_hand bigint[];                       -- positions, or the places of those in the arguments
    handed bigint[];
    failures integer[];
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
        set next_deadline = coalesce((
            select min(m.deadline) from event_store.subscription_messages m
            where m.subscription_id = id and m.position >= s.lowest_position), 'infinity')
        where u.subscription_id = id;
    end if;

    -- What is done goes first: a failure takes back only what was not done in the same exchange. The positions are looked up
    -- in the index, and the pairs compared by a hash: a join of the two would be planned as if both were small.
    if done_positions <> '{}' then
        with gone as (
            delete from event_store.subscription_messages m
            where m.subscription_id = id and m.position = any (done_positions)
              and m.consumer = exchange_subscription_messages.consumer
              and ((m.position, m.number) in (
                  select d.position, d.number from unnest(done_positions, done_numbers) d (position, number))) is true
            returning m.position, m.number
        )
        select array_agg(d.position), array_agg(d.number) into refused_positions, refused_numbers
        from unnest(done_positions, done_numbers) d (position, number)
        where (d.position, d.number) not in (select gone.position, gone.number from gone);
        update event_store.subscriptions u
        set settled = u.settled + cardinality(done_positions) - coalesce(cardinality(refused_positions), 0),
            lowest_position = coalesce((
                select min(m.position) from event_store.subscription_messages m
                where m.subscription_id = id and m.position >= s.lowest_position), u.read_position + 1)
        where u.subscription_id = id;
    end if;

    if failed_positions <> '{}' then
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
        update event_store.subscription_messages m set consumer = null, number = null, deadline = null
        where m.subscription_id = id and m.position >= s.lowest_position
          and m.consumer = exchange_subscription_messages.consumer
          and ((m.position, m.number) in (
              select h.position, h.number from unnest(holding_positions, holding_numbers) h (position, number)))
              is not true;
    end if;

    select u.* into s from event_store.subscriptions u where u.subscription_id = id;
    stop_reason := s.stop_reason;
    return next;
    if max_messages = 0 or s.stopped_at is not null then return; end if;

    perform event_store.draw_subscription_messages(s);

    with busy as materialized (
        select m.stream from event_store.subscription_messages m
        join event_store.subscriptions u on u.subscription_id = id
        where m.subscription_id = id and m.position >= u.lowest_position
          and (m.consumer <> exchange_subscription_messages.consumer or m.not_before > moment)
    )
    select array_agg(f.position order by f.position) into handed from (
        select m.position from event_store.subscription_messages m
        where m.subscription_id = id and m.consumer is null and m.stream not in (select busy.stream from busy)
          and m.position >= (select u.lowest_position from event_store.subscriptions u where u.subscription_id = id)
        order by m.position limit max_messages) f;
    if handed is null then return; end if;

    with taken as (
        update event_store.subscription_messages m
        set consumer = exchange_subscription_messages.consumer, number = s.exchanges + 1,
            deadline = moment + s.message_timeout, not_before = null
        where m.subscription_id = id and m.position = any (handed)
        returning m.position, m.failures
    )
    select array_agg(t.failures order by t.position) into failures from taken t;

    update event_store.subscriptions u
    set exchanges = s.exchanges + 1, next_deadline = least(u.next_deadline, moment + s.message_timeout)
    where u.subscription_id = id;
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
           e.tenant, e.stream, s.exchanges + 1, h.failures + 1, null::bigint[], null::bigint[], null::text
    from unnest(handed, failures) with ordinality h (position, failures, place), lateral (
        select * from event_store.all_events e where e.position = h.position) e
    order by h.place;
end $$;

revoke all on function event_store.exchange_subscription_messages from public;
grant execute on function event_store.exchange_subscription_messages to event_store_service;
