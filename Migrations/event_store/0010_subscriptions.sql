-- Persistent subscriptions: groups of consumers that share the events of a source. The state of a group is its place in
-- the log and the window behind that: messages that were drawn and are not settled yet. Both change in one transaction, so
-- that nothing is lost between them.

create table event_store.subscriptions (
    subscription_id integer generated always as identity primary key,
    tenant text collate "C" not null,       -- '': of all tenants
    name text collate "C" not null,
    -- The source: a stream, or the events of the log that pass a filter; see read_log_matching.
    stream text collate "C",
    of_tenant text collate "C",
    categories text[],
    types text[],
    type_prefixes text[],
    -- The settings.
    buffer_size bigint not null,
    message_timeout interval not null,
    max_attempts integer not null,
    retry_delays interval[] not null,
    holds_back boolean not null,            -- events behind a parked one in its stream wait
    -- The place.
    read_position bigint not null,
    read_revision bigint not null default -1,   -- of the last event that was drawn from the stream
    lowest_position bigint not null,        -- nothing in the window is below: what was deleted there is not walked over
    next_deadline timestamptz not null default 'infinity',  -- no deadline in the window is earlier
    exchanges bigint not null default 0,
    settled bigint not null default 0,
    stopped_at timestamptz,
    stop_reason text,
    unique (tenant, name),
    check ((stopped_at is null) = (stop_reason is null))
) with (fillfactor = 50);

create table event_store.subscription_messages (
    subscription_id integer not null references event_store.subscriptions on delete cascade,
    position bigint not null,
    stream text collate "C" not null,
    failures integer not null default 0,
    not_before timestamptz,                 -- of one that failed: when it may be tried again
    consumer text collate "C",              -- in whose hands it is, since which exchange and until when; null: in nobody's
    number bigint,
    deadline timestamptz,
    primary key (subscription_id, position),
    check ((consumer is null) = (number is null) and (consumer is null) = (deadline is null))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);

create table event_store.parked_messages (
    subscription_id integer not null references event_store.subscriptions on delete cascade,
    position bigint not null,
    stream text collate "C" not null,
    state text not null check (state in (
        'parked',                           -- it failed
        'waits',                            -- it is behind one that did
        'returns')),                        -- it was given back, and goes into the window when there is room
    attempts integer,
    reason text,
    parked_at timestamptz,
    primary key (subscription_id, position),
    check ((state = 'parked') <= (attempts is not null and reason is not null and parked_at is not null))
);
create index parked_messages_by_stream on event_store.parked_messages (subscription_id, stream, position);
create index returning_messages on event_store.parked_messages (subscription_id, position) where state = 'returns';

-- Who has asked lately. A consumer's row is renewed every few seconds at most.
create table event_store.subscription_consumers (
    subscription_id integer not null references event_store.subscriptions on delete cascade,
    consumer text collate "C" not null,
    seen_at timestamptz not null,
    primary key (subscription_id, consumer)
);

grant select on event_store.subscriptions, event_store.subscription_messages, event_store.parked_messages,
    event_store.subscription_consumers to event_store_administrator;

-- The group, locked to the end of the transaction; null for none. The lock is an advisory one, since a row lock would be
-- a write, also when there is nothing to do.
create function event_store.lock_subscription(tenant text, name text) returns event_store.subscriptions
language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    id integer;
    answer event_store.subscriptions;
begin
    select s.subscription_id into id from event_store.subscriptions s
    where s.tenant = lock_subscription.tenant and s.name = lock_subscription.name;
    perform pg_advisory_xact_lock(7226481, id);
    -- In a statement of its own, which sees what was committed while this one waited.
    select s.* into answer from event_store.subscriptions s where s.subscription_id = id;
    return answer;
end $$;

-- Makes a group, or gives the one that there is these settings. Answers with false when there is one on another source.
-- A start_position of null stands for the end of the log.
create function event_store.register_subscription(
    tenant text, name text, start_position bigint,
    stream text, of_tenant text, categories text[], types text[], type_prefixes text[],
    buffer_size bigint, message_timeout_ms bigint, max_attempts integer, retry_delays_ms bigint[], holds_back boolean)
returns boolean language plpgsql security definer set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
    found_subscription event_store.subscriptions;
    first_position constant bigint := coalesce(start_position, event_store.head());
    timeout constant interval := message_timeout_ms * interval '1 ms';
    delays constant interval[] := array(select ms * interval '1 ms' from unnest(retry_delays_ms) ms);
begin
    insert into event_store.subscriptions (
        tenant, name, stream, of_tenant, categories, types, type_prefixes, buffer_size, message_timeout, max_attempts,
        retry_delays, holds_back, read_position, lowest_position, read_revision)
    values (
        register_subscription.tenant, register_subscription.name, register_subscription.stream,
        register_subscription.of_tenant, register_subscription.categories, register_subscription.types,
        register_subscription.type_prefixes, register_subscription.buffer_size, timeout,
        register_subscription.max_attempts, delays, register_subscription.holds_back, first_position,
        first_position + 1,
        case when first_position = 0 or register_subscription.stream is null then -1 else coalesce((
            select e.revision from event_store.all_events e
            where e.tenant = register_subscription.of_tenant and e.stream = register_subscription.stream
              and e.position <= first_position
            order by e.revision desc limit 1), -1) end)
    on conflict on constraint subscriptions_tenant_name_key do nothing;
    if found then return true; end if;
    found_subscription := event_store.lock_subscription(register_subscription.tenant, register_subscription.name);
    if (found_subscription.stream, found_subscription.of_tenant, found_subscription.categories, found_subscription.types,
        found_subscription.type_prefixes)
       is distinct from (register_subscription.stream, register_subscription.of_tenant, register_subscription.categories,
        register_subscription.types, register_subscription.type_prefixes) then
        return false;
    end if;
    update event_store.subscriptions s
    set buffer_size = register_subscription.buffer_size, message_timeout = timeout,
        max_attempts = register_subscription.max_attempts, retry_delays = delays,
        holds_back = register_subscription.holds_back
    where s.subscription_id = found_subscription.subscription_id;
    perform event_store.return_unblocked_messages(found_subscription.subscription_id);
    return true;
end $$;

-- Gives back what no longer has a parked message before it in its stream. Answers with how many these are.
create function event_store.return_unblocked_messages(id integer) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    returned bigint;
begin
    update event_store.parked_messages p set state = 'returns'
    where p.subscription_id = id and p.state = 'waits' and not exists (
        select from event_store.parked_messages b
        join event_store.subscriptions s on s.subscription_id = b.subscription_id and s.holds_back
        where b.subscription_id = id and b.stream = p.stream and b.position < p.position and b.state = 'parked');
    get diagnostics returned = row_count;
    return returned;
end $$;

-- What failed is tried again later, parked, or stops the group, according to its verdict. The messages behind it in its
-- stream are taken back from who has them in hand, and wait for it.
create function event_store.fail_subscription_messages(
    s event_store.subscriptions, positions bigint[], verdicts text[], delays_ms bigint[], reasons text[],
    moment timestamptz)
returns void language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    id constant integer := s.subscription_id;
    parked_positions bigint[];
    parked_streams text[];
begin
    update event_store.subscription_messages m set consumer = null, number = null, deadline = null
    from (
        select failed.stream, min(failed.position) as position from event_store.subscription_messages failed
        where failed.subscription_id = id and failed.position = any (positions) group by failed.stream) first
    where m.subscription_id = id and m.position >= first.position and m.stream = first.stream and m.consumer is not null;

    update event_store.subscription_messages m
    set failures = m.failures + 1,
        not_before = moment + coalesce(
            f.delay_ms * interval '1 ms',
            s.retry_delays[least(m.failures + 1, cardinality(s.retry_delays))], interval '0')
    from unnest(positions, verdicts, delays_ms) f (position, verdict, delay_ms)
    where m.subscription_id = id and m.position = f.position and f.verdict in ('retry', 'park');

    with gone as (
        delete from event_store.subscription_messages m
        using unnest(positions, verdicts, reasons) f (position, verdict, reason)
        where m.subscription_id = id and m.position = f.position
          and (f.verdict = 'park' or f.verdict = 'retry' and m.failures >= s.max_attempts)
        returning m.position, m.stream, m.failures, f.reason
    ),
    kept as (
        insert into event_store.parked_messages (subscription_id, position, stream, state, attempts, reason, parked_at)
        select id, gone.position, gone.stream, 'parked', gone.failures, gone.reason, moment from gone
    )
    select array_agg(gone.position), array_agg(gone.stream) into parked_positions, parked_streams from gone;

    if s.holds_back and parked_positions is not null then
        with gone as (
            delete from event_store.subscription_messages m
            using unnest(parked_positions, parked_streams) f (position, stream)
            where m.subscription_id = id and m.stream = f.stream and m.position > f.position
            returning m.position, m.stream
        )
        insert into event_store.parked_messages (subscription_id, position, stream, state)
        select id, gone.position, gone.stream, 'waits' from gone;
        update event_store.parked_messages p set state = 'waits'
        from unnest(parked_positions, parked_streams) f (position, stream)
        where p.subscription_id = id and p.stream = f.stream and p.position > f.position and p.state = 'returns';
    end if;

    update event_store.subscriptions u set stopped_at = moment, stop_reason = stop.reason
    from (select f.reason from unnest(verdicts, reasons) f (verdict, reason) where f.verdict = 'stop' limit 1) stop
    where u.subscription_id = id and u.stopped_at is null;
end $$;

-- Moves what was given back into the window, then draws from the log, as far as there is room.
create function event_store.draw_subscription_messages(s event_store.subscriptions)
returns void language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    id constant integer := s.subscription_id;
    room bigint := s.buffer_size - (
        select count(*) from event_store.subscription_messages m
        where m.subscription_id = id and m.position >= s.lowest_position);
    returned bigint[];
    positions bigint[];
    streams text[];
    head bigint;
begin
    if exists (select from event_store.parked_messages p where p.subscription_id = id and p.state = 'returns') then
        with gone as (
            delete from event_store.parked_messages p
            where p.subscription_id = id and p.position in (
                select r.position from event_store.parked_messages r
                where r.subscription_id = id and r.state = 'returns' order by r.position limit greatest(room, 0))
            returning p.position, p.stream
        ),
        back as (
            insert into event_store.subscription_messages (subscription_id, position, stream)
            select id, gone.position, gone.stream from gone
        )
        select array_agg(gone.position) into returned from gone;
        room := room - coalesce(cardinality(returned), 0);
        update event_store.subscriptions u
        set lowest_position = least(u.lowest_position, (select min(p) from unnest(returned) p))
        where u.subscription_id = id;
    end if;
    if room <= 0 or s.read_position >= event_store.head() then return; end if;

    -- The head is of the same moment as the page: behind a page that is not full there is nothing up to the head.
    if s.stream is not null then
        select array_agg(l.position), array_agg(l.stream), event_store.head() into positions, streams, head from (
            select e.position, e.stream from event_store.all_events e
            where e.tenant = s.of_tenant and e.stream = s.stream and e.revision > s.read_revision
            order by e.revision limit room) l;
    elsif num_nonnulls(s.of_tenant, s.categories, s.types, s.type_prefixes) = 0 then
        select array_agg(l.position), array_agg(l.stream), event_store.head() into positions, streams, head from (
            select e.position, e.stream from event_store.all_events e
            where e.position > s.read_position order by e.position limit room) l;
    else
        select array_agg(l.position), array_agg(l.stream), event_store.head() into positions, streams, head
        from event_store.read_log_matching(
            s.read_position, false, room, s.of_tenant, s.categories, s.types, s.type_prefixes) l;
    end if;

    update event_store.subscriptions u
    set read_position = case when cardinality(positions) = room then positions[room] else head end,
        read_revision = s.read_revision + coalesce(cardinality(positions), 0)
    where u.subscription_id = id;

    if s.holds_back and exists (select from event_store.parked_messages p where p.subscription_id = id) then
        insert into event_store.parked_messages (subscription_id, position, stream, state)
        select id, d.position, d.stream, case when behind.parked then 'waits' else 'returns' end
        from unnest(positions, streams) d (position, stream), lateral (
            select bool_or(p.state = 'parked') as parked from event_store.parked_messages p
            where p.subscription_id = id and p.stream = d.stream) behind
        where behind.parked is not null;
        insert into event_store.subscription_messages (subscription_id, position, stream)
        select id, d.position, d.stream from unnest(positions, streams) d (position, stream)
        where not exists (
            select from event_store.parked_messages p where p.subscription_id = id and p.stream = d.stream);
    else
        insert into event_store.subscription_messages (subscription_id, position, stream)
        select id, d.position, d.stream from unnest(positions, streams) d (position, stream);
    end if;
end $$;

-- Settles what a consumer hands in, draws from the log, and hands out at most max_messages: those with the lowest
-- positions whose streams are in nobody else's hands and do not wait for another attempt.
--
-- A message is named by its position and the number of the exchange that handed it out. done: handled or skipped. failed:
-- each with its verdict (retry, park or stop), a delay in ms or null, and a reason. holding: what the consumer has in hand
-- besides, all else is taken back from it; null: it does not say.
--
-- The first row has no event; it says which settlements came too late, and why the group stands. No row: no such group.
create function event_store.exchange_subscription_messages(
    tenant text, name text, consumer text, max_messages bigint, done_positions bigint[], done_numbers bigint[],
    failed_positions bigint[], failed_numbers bigint[], verdicts text[], delays_ms bigint[], reasons text[],
    holding_positions bigint[], holding_numbers bigint[])
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, of_tenant text, stream text, number bigint, attempt integer,
    refused_positions bigint[], refused_numbers bigint[], stop_reason text)
language plpgsql security definer set enable_seqscan = off set jit = off as $$
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

    -- What is done goes first: a failure takes back only what was not done in the same exchange.
    if done_positions <> '{}' then
        with gone as (
            delete from event_store.subscription_messages m
            using unnest(done_positions, done_numbers) d (position, number)
            where m.subscription_id = id and m.position = d.position and m.number = d.number
              and m.consumer = exchange_subscription_messages.consumer
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
          and not exists (
            select from unnest(holding_positions, holding_numbers) h (position, number)
            where h.position = m.position and h.number = m.number);
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
    ),
    free as materialized (
        select m.position from event_store.subscription_messages m
        where m.subscription_id = id and m.consumer is null and m.stream not in (select busy.stream from busy)
          and m.position >= (select u.lowest_position from event_store.subscriptions u where u.subscription_id = id)
        order by m.position limit max_messages
    ),
    taken as (
        update event_store.subscription_messages m
        set consumer = exchange_subscription_messages.consumer, number = s.exchanges + 1,
            deadline = moment + s.message_timeout, not_before = null
        from free where m.subscription_id = id and m.position = free.position
        returning m.position, m.failures
    )
    select array_agg(t.position), array_agg(t.failures) into handed, failures
    from (select taken.position, taken.failures from taken order by taken.position) t;
    if handed is null then return; end if;

    update event_store.subscriptions u
    set exchanges = s.exchanges + 1, next_deadline = least(u.next_deadline, moment + s.message_timeout)
    where u.subscription_id = id;
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.tenant,
           e.stream, s.exchanges + 1, h.failures + 1, null::bigint[], null::bigint[], null::text
    from unnest(handed, failures) with ordinality h (position, failures, place), lateral (
        select * from event_store.all_events e where e.position = h.position) e
    order by h.place;
end $$;

-- How the group is doing, or all of them if name is null; see SubscriptionInfo.
create function event_store.subscription_info(tenant text, name text)
returns table (
    of_tenant text, of_name text, read_position bigint, lag bigint, waiting bigint, in_flight bigint, retrying bigint,
    parked bigint, held bigint, oldest_at timestamptz, settled bigint, consumers text[], in_hands bigint[],
    stop_reason text, stopped_at timestamptz)
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
begin
    return query
    select s.tenant::text, s.name::text, s.read_position, greatest(event_store.head() - s.read_position, 0), m.waiting,
           m.in_flight, m.retrying, p.parked, p.held,
           (select e.recorded_at from event_store.all_events e where e.position = m.lowest), s.settled, c.consumers,
           c.in_hands, s.stop_reason, s.stopped_at
    from event_store.subscriptions s,
    lateral (
        select min(m.position) as lowest, count(m.consumer) as in_flight,
               count(*) filter (where m.consumer is null and m.not_before > clock_timestamp()) as retrying,
               count(*) filter (where m.consumer is null and (m.not_before > clock_timestamp()) is not true) as waiting
        from event_store.subscription_messages m
        where m.subscription_id = s.subscription_id and m.position >= s.lowest_position) m,
    lateral (
        select count(*) filter (where p.state = 'parked') as parked, count(*) filter (where p.state <> 'parked') as held
        from event_store.parked_messages p where p.subscription_id = s.subscription_id) p,
    lateral (
        select coalesce(array_agg(c.consumer::text), '{}') as consumers, coalesce(array_agg(c.in_hands), '{}') as in_hands
        from (
            select u.consumer, sum(u.in_hands)::bigint as in_hands from (
                select c.consumer, 0 as in_hands from event_store.subscription_consumers c
                where c.subscription_id = s.subscription_id and c.seen_at > clock_timestamp() - interval '30 s'
                union all
                select m.consumer, 1 from event_store.subscription_messages m
                where m.subscription_id = s.subscription_id and m.consumer is not null) u
            group by u.consumer) c) c
    where subscription_info.name is null
       or s.tenant = subscription_info.tenant and s.name = subscription_info.name
    order by s.name, s.tenant;
end $$;

-- A page of the messages that are parked or wait behind such, in the order of their positions.
create function event_store.parked_subscription_messages(
    tenant text, name text, after_position bigint, max_messages bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, of_tenant text, stream text, state text, attempts integer, reason text,
    parked_at timestamptz)
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
begin
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.tenant,
           e.stream, p.state, p.attempts, p.reason, p.parked_at
    from event_store.subscriptions s
    join event_store.parked_messages p on p.subscription_id = s.subscription_id,
    lateral (select * from event_store.all_events e where e.position = p.position) e
    where s.tenant = parked_subscription_messages.tenant and s.name = parked_subscription_messages.name
      and p.position > after_position
    order by p.position limit max_messages;
end $$;

-- Gives parked messages back: of one stream or one position, if these are not null. Answers with how many come back, with
-- those that waited behind them; null for no such group.
create function event_store.replay_parked_messages(tenant text, name text, of_stream text, of_position bigint)
returns bigint language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
    replayed bigint;
begin
    if s.subscription_id is null then return null; end if;
    update event_store.parked_messages p set state = 'returns'
    where p.subscription_id = s.subscription_id and p.state = 'parked'
      and (of_stream is null or p.stream = of_stream) and (of_position is null or p.position = of_position);
    get diagnostics replayed = row_count;
    return replayed + event_store.return_unblocked_messages(s.subscription_id);
end $$;

-- Settles parked messages without handling them. Answers with how many there were; null for no such group.
create function event_store.skip_parked_messages(tenant text, name text, of_stream text, of_position bigint)
returns bigint language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
    skipped bigint;
begin
    if s.subscription_id is null then return null; end if;
    delete from event_store.parked_messages p
    where p.subscription_id = s.subscription_id and p.state = 'parked'
      and (of_stream is null or p.stream = of_stream) and (of_position is null or p.position = of_position);
    get diagnostics skipped = row_count;
    update event_store.subscriptions u set settled = u.settled + skipped where u.subscription_id = s.subscription_id;
    perform event_store.return_unblocked_messages(s.subscription_id);
    return skipped;
end $$;

-- Stops the group for this reason, or resumes it if that is null. Answers with whether there is such a group.
create function event_store.stop_subscription(tenant text, name text, reason text) returns boolean
language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
begin
    update event_store.subscriptions u
    set stop_reason = reason, stopped_at = case when reason is not null then clock_timestamp() end
    where u.subscription_id = s.subscription_id and (u.stopped_at is null) <> (reason is null);
    return s.subscription_id is not null;
end $$;

-- Forgets the group and all that belongs to it. Answers with whether there was such a group.
create function event_store.remove_subscription(tenant text, name text) returns boolean
language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
begin
    delete from event_store.subscriptions u where u.subscription_id = s.subscription_id;
    return found;
end $$;

revoke all on function
    event_store.lock_subscription, event_store.register_subscription, event_store.return_unblocked_messages,
    event_store.fail_subscription_messages, event_store.draw_subscription_messages,
    event_store.exchange_subscription_messages, event_store.subscription_info,
    event_store.parked_subscription_messages, event_store.replay_parked_messages, event_store.skip_parked_messages,
    event_store.stop_subscription, event_store.remove_subscription
    from public;
grant execute on function event_store.register_subscription, event_store.exchange_subscription_messages
    to event_store_service;
grant execute on function
    event_store.subscription_info, event_store.parked_subscription_messages, event_store.replay_parked_messages,
    event_store.skip_parked_messages, event_store.stop_subscription, event_store.remove_subscription
    to event_store_administrator;

-- As the functions before them (0009_search_path.sql).
do $$
declare
    called record;
begin
    for called in
        select p.oid::regprocedure as signature from pg_proc p
        where p.pronamespace = 'event_store'::regnamespace and p.prosecdef
          and p.proname ~ '(subscription|message)'
    loop
        execute format('alter function %s set search_path = pg_catalog', called.signature);
    end loop;
end $$;
