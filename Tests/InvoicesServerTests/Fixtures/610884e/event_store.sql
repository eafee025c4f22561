SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA event_store;
CREATE FUNCTION event_store.append_events(part_entries integer[], part_tenants text[], part_streams text[], part_expected bigint[], part_sizes integer[], event_parts integer[], event_ids uuid[], event_types text[], event_schema_versions integer[], event_data bytea[], event_metadata bytea[], command_entries integer[], command_ids text[], command_hashes bytea[], numbered_events integer[] DEFAULT '{}'::integer[], event_sequences text[] DEFAULT '{}'::text[], command_outcomes bytea[] DEFAULT '{}'::bytea[], OUT outcomes integer[], OUT last_revisions bigint[], OUT last_positions bigint[]) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
declare
    locked text;
    head bigint;
    now_recorded_at timestamptz;
    actual bigint[];                        -- by part: the stream's last revision, -1 for none
    entry_outcomes integer[];
    known_positions bigint[];               -- by entry, of those with outcome 2
    position_shifts bigint[];               -- by part
    revision_shifts bigint[];               -- by part
    entry_ends bigint[];                    -- by entry: the position of its last event
    placed bigint := 0;
    refused bigint := 0;
    known record;
begin
    -- An assignment, which costs less than a statement, and has no snapshot that the next one could use.
    locked := pg_advisory_xact_lock(7226481);
    -- One event that begins a stream, or follows in one as expected, is the most frequent call: a statement with as few
    -- parts as can be. What it does not insert is looked into below.
    if cardinality(event_ids) = 1 and cardinality(part_entries) = 1 and cardinality(command_ids) = 0
            and cardinality(numbered_events) = 0 then
        if part_expected[1] = -1 then
            insert into event_store.events (
                position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata)
            select h.position + 1, 0, greatest(clock_timestamp(), h.recorded_at), event_ids[1],
                   event_schema_versions[1], part_tenants[1], part_streams[1], event_types[1], event_data[1],
                   event_metadata[1]
            from (select e.position, e.recorded_at from event_store.events e order by e.position desc limit 1) h
            where not exists (
                      select from event_store.events e
                      where e.tenant = part_tenants[1] and e.stream = part_streams[1])
              and not exists (
                      select from event_store.archived_events e
                      where e.tenant = part_tenants[1] and e.stream = part_streams[1])
            returning events.position into placed;
        elsif part_expected[1] >= 0 then
            insert into event_store.events (
                position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata)
            select h.position + 1, l.revision + 1, greatest(clock_timestamp(), h.recorded_at), event_ids[1],
                   event_schema_versions[1], part_tenants[1], part_streams[1], event_types[1], event_data[1],
                   event_metadata[1]
            from (
                select e.revision from event_store.events e
                where e.tenant = part_tenants[1] and e.stream = part_streams[1]
                order by e.revision desc limit 1) l,
                (select e.position, e.recorded_at from event_store.events e order by e.position desc limit 1) h
            where l.revision = part_expected[1]
              and not exists (select from event_store.events e where e.event_id = event_ids[1])
              and not exists (select from event_store.archived_events e where e.event_id = event_ids[1])
            returning events.position into placed;
        end if;
        if placed > 0 then
            outcomes := array[0];
            last_revisions := array[part_expected[1] + 1];
            last_positions := array[placed];
            return;
        end if;
        placed := 0;
    end if;
    select coalesce(h.position, 0), greatest(clock_timestamp(), h.recorded_at),
           array(
               select coalesce(
                   (select e.revision from event_store.events e
                    where e.tenant = p.tenant and e.stream = p.stream order by e.revision desc limit 1),
                   case when a.has_archive then (
                       select e.revision from event_store.archived_events e
                       where e.tenant = p.tenant and e.stream = p.stream order by e.revision desc limit 1) end, -1)
               from unnest(part_tenants, part_streams) p (tenant, stream))
    into head, now_recorded_at, actual
    from (select exists (select from event_store.archived_events) as has_archive) a left join (
        select e.position, e.recorded_at from event_store.events e order by e.position desc limit 1) h on true;
    entry_outcomes := array_fill(0, array[part_entries[cardinality(part_entries)]]);
    if cardinality(command_ids) > 0 then
        for known in
            select c.entry, k.request_hash = c.request_hash as is_same
            from unnest(command_entries, command_ids, command_hashes) c (entry, command_id, request_hash)
            join event_store.commands k
                on k.tenant = part_tenants[array_position(part_entries, c.entry)] and k.command_id = c.command_id
        loop
            entry_outcomes[known.entry] := case when known.is_same then 4 else 5 end;
        end loop;
    end if;
    -- Only a stream that exists can hold these events already.
    if 0 <= any (actual) then
        for known in
            select * from (
                select part_entries[v.part] as entry, v.part, v.revision, v.position,
                       bool_and(v.is_known) over same_entry as all_known, bool_or(v.occurrences > 0) over same_entry as any_known
                from (
                    select i.part, count(k.revision) as occurrences,
                           count(k.revision) = count(*) and count(distinct k.revision - i.place) = 1 as is_known,
                           max(k.revision) as revision, max(k.position) as position
                    from unnest(event_parts, event_ids) with ordinality i (part, event_id, place)
                    left join lateral (
                        -- By the id, behind a fence: a plan made while a table was small would come by another index.
                        select e.revision, e.position
                        from (select * from event_store.events where event_id = i.event_id offset 0) e
                        where e.tenant = part_tenants[i.part] and e.stream = part_streams[i.part]
                        union all
                        select e.revision, e.position
                        from (select * from event_store.archived_events where event_id = i.event_id offset 0) e
                        where e.tenant = part_tenants[i.part] and e.stream = part_streams[i.part]) k on true
                    group by i.part) v
                window same_entry as (partition by part_entries[v.part])) w
            where w.any_known
        loop
            continue when entry_outcomes[known.entry] in (4, 5);
            entry_outcomes[known.entry] := case when known.all_known then 2 else 3 end;
            if known.all_known then
                actual[known.part] := known.revision - part_sizes[known.part];
                known_positions[known.entry] := greatest(known_positions[known.entry], known.position);
            end if;
        end loop;
    end if;
    if actual <> part_expected then
        for known in
            select p.entry from unnest(part_entries, part_expected, actual) p (entry, expected, actual)
            where not (p.expected in (p.actual, -2) or (p.expected = -4 and p.actual >= 0))
        loop
            if entry_outcomes[known.entry] = 0 then entry_outcomes[known.entry] := 1; end if;
        end loop;
    end if;
    -- How far the place of an event in the batch is from its position, and from its revision.
    for part in 1 .. cardinality(part_entries) loop
        if entry_outcomes[part_entries[part]] = 0 then
            position_shifts[part] := head - refused;
            revision_shifts[part] := actual[part] - placed;
        else
            refused := refused + part_sizes[part];
        end if;
        placed := placed + part_sizes[part];
        entry_ends[part_entries[part]] := head + placed - refused;
    end loop;
    -- Only what is written takes numbers, and with the transaction it gives them back. The places in the batch are in
    -- the order of the positions.
    if cardinality(numbered_events) > 0 then
        for known in
            with accepted as (
                select n.place, n.tenant, n.sequence,
                       row_number() over (partition by n.tenant, n.sequence order by n.place) as rank,
                       count(*) over (partition by n.tenant, n.sequence) as total
                from (
                    select u.place, u.sequence, part_tenants[event_parts[u.place]] as tenant
                    from unnest(numbered_events, event_sequences) u (place, sequence)
                    where entry_outcomes[part_entries[event_parts[u.place]]] = 0) n
            ), counted as (
                insert into event_store.sequences as s (tenant, sequence, last_number)
                select distinct a.tenant, a.sequence, a.total from accepted a
                on conflict (tenant, sequence) do update set last_number = s.last_number + excluded.last_number
                returning s.tenant, s.sequence, s.last_number
            )
            select a.place, c.last_number - a.total + a.rank as number
            from accepted a join counted c on c.tenant = a.tenant and c.sequence = a.sequence
        loop
            event_metadata[known.place] := event_store.numbered_metadata(event_metadata[known.place], known.number);
        end loop;
    end if;
    insert into event_store.events (
        position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata)
    select position_shifts[v.part] + v.place, revision_shifts[v.part] + v.place,
           now_recorded_at, v.event_id, v.schema_version, part_tenants[v.part], part_streams[v.part], v.type,
           v.data, v.metadata
    from unnest(event_parts, event_ids, event_types, event_schema_versions, event_data, event_metadata)
        with ordinality v (part, event_id, type, schema_version, data, metadata, place)
    where entry_outcomes[part_entries[v.part]] = 0;
    if cardinality(command_ids) > 0 then
        insert into event_store.commands (
            tenant, command_id, request_hash, streams, revisions, position, recorded_at, outcome)
        select p.tenant, c.command_id, c.request_hash, p.streams, p.revisions, entry_ends[c.entry], now_recorded_at,
               c.outcome
        from unnest(command_entries, command_ids, command_hashes, command_outcomes)
            c (entry, command_id, request_hash, outcome)
        join (
            select n.entry, min(n.tenant) as tenant, array_agg(n.stream order by n.part) as streams,
                   array_agg(n.actual + n.size order by n.part) as revisions
            from unnest(part_entries, part_tenants, part_streams, actual, part_sizes)
                with ordinality n (entry, tenant, stream, actual, size, part)
            where entry_outcomes[n.entry] = 0
            group by n.entry) p on p.entry = c.entry;
    end if;
    for part in 1 .. cardinality(part_entries) loop
        outcomes[part] := entry_outcomes[part_entries[part]];
        last_revisions[part] := actual[part] + case when outcomes[part] in (0, 2) then part_sizes[part] else 0 end;
        last_positions[part] := case outcomes[part]
            when 0 then entry_ends[part_entries[part]] when 2 then known_positions[part_entries[part]] end;
    end loop;
end $$;
CREATE FUNCTION event_store.archive_events(before_position bigint, max_events bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
declare
    moved bigint;
begin
    perform set_config('event_store.administers', 'yes', true);
    with gone as (
        delete from event_store.events
        where position in (
            select e.position from event_store.events e
            where e.position < least(before_position, event_store.head()) order by e.position limit max_events)
        returning *
    )
    insert into event_store.archived_events select * from gone;
    get diagnostics moved = row_count;
    perform set_config('event_store.administers', '', true);
    return moved;
end $$;
CREATE FUNCTION event_store.command_outcome(tenant text, command_id text) RETURNS TABLE(request_hash bytea, streams text[], revisions bigint[], "position" bigint, outcome bytea)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return query
    select c.request_hash, c.streams, c.revisions, c.position, c.outcome from event_store.commands c
    where c.tenant = command_outcome.tenant and c.command_id = command_outcome.command_id;
end $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE event_store.snapshots (
    tenant text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    schema_version integer NOT NULL,
    revision bigint NOT NULL,
    "position" bigint NOT NULL,
    event_id uuid NOT NULL,
    state bytea NOT NULL,
    checksum bytea NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT snapshot_of_its_tenant CHECK ((split_part(name, '-'::text, 2) = tenant))
);
CREATE FUNCTION event_store.delete_snapshot(tenant text, name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 DELETE FROM event_store.snapshots s
   WHERE ((s.tenant = delete_snapshot.tenant) AND (s.name = delete_snapshot.name));
END;
CREATE TABLE event_store.subject_keys (
    tenant text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    key_id uuid,
    key bytea,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    destroyed_at timestamp with time zone,
    reason text,
    actor text,
    notice_id uuid,
    notice_type text,
    notice_data bytea,
    notice_metadata bytea,
    notice_position bigint,
    CONSTRAINT subject_keys_check CHECK (((key IS NULL) = (destroyed_at IS NOT NULL))),
    CONSTRAINT subject_keys_check1 CHECK (((key IS NULL) OR (key_id IS NOT NULL))),
    CONSTRAINT subject_keys_check2 CHECK (((destroyed_at IS NULL) OR ((notice_id IS NULL) = (notice_position IS NOT NULL))))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='0');
CREATE FUNCTION event_store.destroy_subject_key(tenant text, subject text, reason text, actor text, destroyed_at timestamp with time zone, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea) RETURNS SETOF event_store.subject_keys
    LANGUAGE plpgsql SECURITY DEFINER
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
    insert into event_store.subject_keys as k (
        tenant, subject, reason, actor, destroyed_at, notice_id, notice_type, notice_data, notice_metadata)
    values (
        destroy_subject_key.tenant, destroy_subject_key.subject, destroy_subject_key.reason, destroy_subject_key.actor,
        destroy_subject_key.destroyed_at, destroy_subject_key.notice_id, destroy_subject_key.notice_type,
        destroy_subject_key.notice_data, destroy_subject_key.notice_metadata)
    on conflict on constraint subject_keys_pkey do update set
        key = null, reason = excluded.reason, actor = excluded.actor, destroyed_at = excluded.destroyed_at,
        notice_id = excluded.notice_id, notice_type = excluded.notice_type, notice_data = excluded.notice_data,
        notice_metadata = excluded.notice_metadata
    where k.destroyed_at is null;
    return query select k.* from event_store.subject_keys k
        where k.tenant = destroy_subject_key.tenant and k.subject = destroy_subject_key.subject;
end $$;
CREATE TABLE event_store.subscriptions (
    subscription_id integer NOT NULL,
    tenant text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    stream text COLLATE pg_catalog."C",
    of_tenant text COLLATE pg_catalog."C",
    categories text[],
    types text[],
    type_prefixes text[],
    buffer_size bigint NOT NULL,
    message_timeout interval NOT NULL,
    max_attempts integer NOT NULL,
    retry_delays interval[] NOT NULL,
    holds_back boolean NOT NULL,
    read_position bigint NOT NULL,
    read_revision bigint DEFAULT '-1'::integer NOT NULL,
    lowest_position bigint NOT NULL,
    next_deadline timestamp with time zone DEFAULT 'infinity'::timestamp with time zone NOT NULL,
    exchanges bigint DEFAULT 0 NOT NULL,
    settled bigint DEFAULT 0 NOT NULL,
    stopped_at timestamp with time zone,
    stop_reason text,
    CONSTRAINT subscriptions_check CHECK (((stopped_at IS NULL) = (stop_reason IS NULL)))
)
WITH (fillfactor='50');
CREATE FUNCTION event_store.draw_subscription_messages(s event_store.subscriptions) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE TABLE event_store.archived_events (
    "position" bigint NOT NULL,
    revision bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    event_id uuid NOT NULL,
    schema_version integer NOT NULL,
    tenant text NOT NULL COLLATE pg_catalog."C",
    stream text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    data bytea NOT NULL,
    metadata bytea NOT NULL,
    redacted_at timestamp with time zone,
    CONSTRAINT stream_of_its_tenant CHECK ((split_part(stream, '-'::text, 2) = tenant))
);
CREATE TABLE event_store.events (
    "position" bigint NOT NULL,
    revision bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    event_id uuid NOT NULL,
    schema_version integer NOT NULL,
    tenant text NOT NULL COLLATE pg_catalog."C",
    stream text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    data bytea NOT NULL,
    metadata bytea NOT NULL,
    redacted_at timestamp with time zone,
    CONSTRAINT stream_of_its_tenant CHECK ((split_part(stream, '-'::text, 2) = tenant))
);
CREATE FUNCTION event_store.event_types() RETURNS TABLE(category text, type text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 WITH RECURSIVE live AS (
         ( SELECT split_part(e.stream, '-'::text, 1) AS category,
             e.type
            FROM event_store.events e
           ORDER BY (split_part(e.stream, '-'::text, 1)), e.type
          LIMIT 1)
         UNION ALL
          SELECT n.category,
             n.type
            FROM live l,
             LATERAL ( SELECT split_part(e.stream, '-'::text, 1) AS category,
                     e.type
                    FROM event_store.events e
                   WHERE (ROW(split_part(e.stream, '-'::text, 1), e.type) > ROW(l.category, l.type))
                   ORDER BY (split_part(e.stream, '-'::text, 1)), e.type
                  LIMIT 1) n
         ), archived AS (
         ( SELECT split_part(e.stream, '-'::text, 1) AS category,
             e.type
            FROM event_store.archived_events e
           ORDER BY (split_part(e.stream, '-'::text, 1)), e.type
          LIMIT 1)
         UNION ALL
          SELECT n.category,
             n.type
            FROM archived l,
             LATERAL ( SELECT split_part(e.stream, '-'::text, 1) AS category,
                     e.type
                    FROM event_store.archived_events e
                   WHERE (ROW(split_part(e.stream, '-'::text, 1), e.type) > ROW(l.category, l.type))
                   ORDER BY (split_part(e.stream, '-'::text, 1)), e.type
                  LIMIT 1) n
         )
  SELECT live.category,
     live.type
    FROM live
 UNION
  SELECT archived.category,
     archived.type
    FROM archived;
END;
CREATE FUNCTION event_store.exchange_subscription_messages(tenant text, name text, consumer text, max_messages bigint, done_positions bigint[], done_numbers bigint[], failed_positions bigint[], failed_numbers bigint[], verdicts text[], delays_ms bigint[], reasons text[], holding_positions bigint[], holding_numbers bigint[]) RETURNS TABLE("position" bigint, revision bigint, recorded_at timestamp with time zone, event_id uuid, type text, schema_version integer, data bytea, metadata bytea, of_tenant text, stream text, number bigint, attempt integer, refused_positions bigint[], refused_numbers bigint[], stop_reason text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE FUNCTION event_store.fail_subscription_messages(s event_store.subscriptions, positions bigint[], verdicts text[], delays_ms bigint[], reasons text[], moment timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE FUNCTION event_store.head() RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return coalesce((select e.position from event_store.events e order by e.position desc limit 1), 0);
end $$;
CREATE TABLE event_store.store (
    is_the_only_row boolean DEFAULT true NOT NULL,
    incarnation uuid DEFAULT gen_random_uuid() NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT store_is_the_only_row_check CHECK (is_the_only_row)
);
CREATE FUNCTION event_store.incarnation() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT store.incarnation
    FROM event_store.store;
END;
CREATE FUNCTION event_store.latest_snapshot(tenant text, name text) RETURNS TABLE(schema_version integer, revision bigint, "position" bigint, event_id uuid, state bytea, checksum bytea, taken_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return query
    select s.schema_version, s.revision, s.position, s.event_id, s.state, s.checksum, s.taken_at
    from event_store.snapshots s
    where s.tenant = latest_snapshot.tenant and s.name = latest_snapshot.name;
end $$;
CREATE FUNCTION event_store.lock_subscription(tenant text, name text) RETURNS event_store.subscriptions
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE FUNCTION event_store.numbered_metadata(metadata bytea, number bigint) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog'
    RETURN OVERLAY(metadata PLACING convert_to(format('{"sequenceNumber":%s%s'::text, number, CASE WHEN (get_byte(ltrim(substr(metadata, 2), '\x20090a0d'::bytea), 0) = ascii('}'::text)) THEN ''::text ELSE ','::text END), 'UTF8'::name) FROM 1 FOR 1);
CREATE FUNCTION event_store.parked_subscription_messages(tenant text, name text, after_position bigint, max_messages bigint) RETURNS TABLE("position" bigint, revision bigint, recorded_at timestamp with time zone, event_id uuid, type text, schema_version integer, data bytea, metadata bytea, of_tenant text, stream text, state text, attempts integer, reason text, parked_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE FUNCTION event_store.pending_subject_notices(max_notices bigint) RETURNS SETOF event_store.subject_keys
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return query select * from event_store.subject_keys k
        where k.notice_id is not null order by k.destroyed_at limit max_notices;
end $$;
CREATE FUNCTION event_store.position_at(moment timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
declare
    lowest bigint := 0;
    highest bigint := event_store.head();
    middle bigint;
begin
    while lowest < highest loop
        middle := (lowest + highest + 1) / 2;
        if (select e.recorded_at from event_store.all_events e where e.position = middle) <= moment then
            lowest := middle;
        else
            highest := middle - 1;
        end if;
    end loop;
    return lowest;
end $$;
CREATE FUNCTION event_store.purge_commands(before timestamp with time zone, max_commands bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
declare
    purged bigint;
begin
    delete from event_store.commands where (tenant, command_id) in (
        select c.tenant, c.command_id from event_store.commands c
        where c.recorded_at < before order by c.recorded_at limit max_commands);
    get diagnostics purged = row_count;
    return purged;
end $$;
CREATE FUNCTION event_store.read_log(after_position bigint, backwards boolean, max_events bigint) RETURNS TABLE("position" bigint, revision bigint, recorded_at timestamp with time zone, event_id uuid, type text, schema_version integer, data bytea, metadata bytea, tenant text, stream text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
    if backwards then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.tenant, e.stream
        from event_store.all_events e
        where e.position < coalesce(after_position, 9223372036854775807)
        order by e.position desc limit max_events;
    else
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.tenant, e.stream
        from event_store.all_events e
        where e.position > coalesce(after_position, 0)
        order by e.position limit max_events;
    end if;
end $$;
CREATE FUNCTION event_store.read_log_matching(after_position bigint, backwards boolean, max_events bigint, of_tenant text, categories text[], types text[], type_prefixes text[]) RETURNS TABLE("position" bigint, revision bigint, recorded_at timestamp with time zone, event_id uuid, type text, schema_version integer, data bytea, metadata bytea, tenant text, stream text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET enable_incremental_sort TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $_$
declare
    -- One statement for both directions and all indexes: what differs is put in here.
    columns constant text := 'e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data,
        e.metadata, e.tenant, e.stream';
    wanted constant text := '($4 is null or %1$s = any ($4)) and ($5 is null and $6 is null or %2$s = any ($5)
        or %2$s ^@ any ($6))';
    wanted_event constant text := format(wanted, 'split_part(e.stream, ''-'', 1)', 'e.type');
    start bigint := coalesce(after_position, case when backwards then 9223372036854775807 else 0 end);
    remaining bigint := max_events;
    found_events bigint;
    is_dense boolean;
    statement text;
begin
    -- The next few positions tell how dense the events are; some more are read in their order, and what is still missing
    -- then comes from where they end.
    if of_tenant is null and not backwards and event_store.head() - start >= max_events then
        execute format('select 2 * count(*) >= $2 from event_store.all_events e
            where e.position > $1 and e.position <= $1 + $2 and %s', wanted_event)
        into is_dense using start, least(max_events, 50), of_tenant, categories, types, type_prefixes;
        if is_dense then
            return query execute format('select %s from event_store.all_events e
                where e.position > $1 and e.position <= $1 + $2 * 4 and %s order by e.position limit $2',
                columns, wanted_event)
            using start, max_events, of_tenant, categories, types, type_prefixes;
            get diagnostics found_events = row_count;
            if found_events = max_events then return; end if;
            start := start + max_events * 4;
            remaining := max_events - found_events;
        end if;
    end if;
    if of_tenant is not null then
        -- As a range in the order of the tenants' index, so that no other one can serve: of what is seldom, the order of the
        -- positions would lead through the log, and estimates do not always tell.
        statement := format('select %1$s from event_store.all_events e
            where (e.tenant, e.position) %2$s ($3, $1) and e.tenant %3$s $3 and %5$s
            order by e.tenant %4$s, e.position %4$s limit $2', columns, case when backwards then '<' else '>' end,
            case when backwards then '>=' else '<=' end, case when backwards then 'desc' else 'asc' end,
            wanted_event);
    else
        -- Merged from the heads of the index for each category and type. They are given as a range in the order of that
        -- index, so that no other one can serve: for a rare type, the order of the positions would lead through the log.
        statement := format('select e.* from event_store.event_types() t, lateral (
                select %1$s from event_store.all_events e
                where (split_part(e.stream, ''-'', 1), e.type, e.position) %2$s (t.category, t.type, $1)
                  and (split_part(e.stream, ''-'', 1), e.type) %3$s (t.category, t.type)
                order by split_part(e.stream, ''-'', 1) %4$s, e.type %4$s, e.position %4$s limit $2) e
            where %5$s order by e.position %4$s limit $2', columns, case when backwards then '<' else '>' end,
            case when backwards then '>=' else '<=' end, case when backwards then 'desc' else 'asc' end,
            format(wanted, 't.category', 't.type'));
    end if;
    return query execute statement
    using start, remaining, of_tenant, categories, types, type_prefixes;
end $_$;
CREATE FUNCTION event_store.read_stream_backwards(tenant text, stream text, first_revision bigint, max_events bigint) RETURNS TABLE("position" bigint, revision bigint, recorded_at timestamp with time zone, event_id uuid, type text, schema_version integer, data bytea, metadata bytea)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata
    from event_store.all_events e
    where e.tenant = read_stream_backwards.tenant and e.stream = read_stream_backwards.stream
      and e.revision <= coalesce(first_revision, 9223372036854775807)
    order by e.revision desc limit max_events;
end $$;
CREATE FUNCTION event_store.read_streams(tenants text[], streams text[], first_revisions bigint[], max_events bigint[]) RETURNS TABLE("position" bigint, revision bigint, recorded_at timestamp with time zone, event_id uuid, type text, schema_version integer, data bytea, metadata bytea, place bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if not exists (select from event_store.archived_events) then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, w.place
        from unnest(tenants, streams, first_revisions, max_events)
                 with ordinality w (tenant, stream, first_revision, max_events, place)
        cross join lateral (
            select * from event_store.events a
            where a.tenant = w.tenant and a.stream = w.stream and a.revision >= w.first_revision
            order by a.revision limit w.max_events) e;
    else
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, w.place
        from unnest(tenants, streams, first_revisions, max_events)
                 with ordinality w (tenant, stream, first_revision, max_events, place)
        cross join lateral (
            select * from event_store.all_events a
            where a.tenant = w.tenant and a.stream = w.stream and a.revision >= w.first_revision
            order by a.revision limit w.max_events) e;
    end if;
end $$;
CREATE FUNCTION event_store.readable(document jsonb, of_tenant text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $_$
declare
    sealed_subject constant text := document #>> '{$sealed,subject}';
begin
    if sealed_subject is not null then
        return to_jsonb(format('[%s: %s]', case when exists (
            select from event_store.subject_keys k
            where k.tenant = of_tenant and k.subject = sealed_subject and k.destroyed_at is not null)
            then 'forgotten' else 'sealed' end, sealed_subject));
    end if;
    return case jsonb_typeof(document)
        when 'object' then case
            when document #>> '{$forgotten,subject}' is not null
                then to_jsonb(format('[forgotten: %s]', document #>> '{$forgotten,subject}'))
            else (select coalesce(jsonb_object_agg(m.key, event_store.readable(m.value, of_tenant)), '{}')
                  from jsonb_each(document) m) end
        when 'array' then (
            select coalesce(jsonb_agg(event_store.readable(e.value, of_tenant) order by e.place), '[]')
            from jsonb_array_elements(document) with ordinality e (value, place))
        else document end;
end $_$;
CREATE FUNCTION event_store.redact_event(tenant text, stream text, revision bigint, reason text, actor text, notice_stream text, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    redacted constant bytea := convert_to('{"redacted": true}', 'UTF8');
    found_position bigint;
    was_redacted boolean;
begin
    -- The lock of the appends, taken first: two redactions of one event do not meet.
    perform pg_advisory_xact_lock(7226481);
    select e.position, e.redacted_at is not null into found_position, was_redacted
    from event_store.all_events e
    where e.tenant = redact_event.tenant and e.stream = redact_event.stream and e.revision = redact_event.revision;
    if found_position is null then
        raise exception 'stream % has no event of revision %', stream, revision using errcode = 'no_data_found';
    elsif was_redacted then
        return null;
    end if;
    perform set_config('event_store.administers', 'yes', true);
    update event_store.events e set data = redacted, redacted_at = clock_timestamp() where e.position = found_position;
    update event_store.archived_events e set data = redacted, redacted_at = clock_timestamp()
    where e.position = found_position;
    perform set_config('event_store.administers', '', true);
    -- A snapshot may have the data in its state.
    delete from event_store.snapshots s
    where s.tenant = redact_event.tenant and s.name = 'snap.' || redact_event.stream;
    insert into event_store.redactions values (found_position, reason, actor, clock_timestamp());
    return (
        select a.last_positions[1] from event_store.append_events(
            array[1], array[redact_event.tenant], array[notice_stream], array[-2], array[1],
            array[1], array[notice_id], array[notice_type], array[1], array[notice_data], array[notice_metadata],
            '{}', '{}', '{}') a);
end $$;
CREATE FUNCTION event_store.refuse_to_change_events() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if current_setting('event_store.administers', true) = 'yes' then
        return null;
    end if;
    raise exception 'events are immutable: % is refused', tg_op using errcode = 'insufficient_privilege',
        hint = 'Use redact_event, archive_events or restore_stream.';
end $$;
CREATE FUNCTION event_store.register_subscription(tenant text, name text, start_position bigint, stream text, of_tenant text, categories text[], types text[], type_prefixes text[], buffer_size bigint, message_timeout_ms bigint, max_attempts integer, retry_delays_ms bigint[], holds_back boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE FUNCTION event_store.remove_subscription(tenant text, name text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
begin
    delete from event_store.subscriptions u where u.subscription_id = s.subscription_id;
    return found;
end $$;
CREATE FUNCTION event_store.replay_parked_messages(tenant text, name text, of_stream text, of_position bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE FUNCTION event_store.restore_stream(tenant text, stream text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    moved bigint;
begin
    perform set_config('event_store.administers', 'yes', true);
    with back as (
        delete from event_store.archived_events e
        where e.tenant = restore_stream.tenant and e.stream = restore_stream.stream
        returning *
    )
    insert into event_store.events select * from back;
    get diagnostics moved = row_count;
    perform set_config('event_store.administers', '', true);
    return moved;
end $$;
CREATE FUNCTION event_store.return_unblocked_messages(id integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE FUNCTION event_store.save_snapshot(tenant text, name text, schema_version integer, revision bigint, "position" bigint, event_id uuid, state bytea, checksum bytea, taken_at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 INSERT INTO event_store.snapshots AS s (tenant, name, schema_version, revision, "position", event_id, state, checksum, taken_at)
   VALUES (save_snapshot.tenant, save_snapshot.name, save_snapshot.schema_version, save_snapshot.revision, save_snapshot."position", save_snapshot.event_id, save_snapshot.state, save_snapshot.checksum, save_snapshot.taken_at) ON CONFLICT(tenant, name) DO UPDATE SET schema_version = excluded.schema_version, revision = excluded.revision, "position" = excluded."position", event_id = excluded.event_id, state = excluded.state, checksum = excluded.checksum, taken_at = excluded.taken_at
   WHERE ((s.schema_version <> excluded.schema_version) OR (s.revision <= excluded.revision));
END;
CREATE FUNCTION event_store.skip_parked_messages(tenant text, name text, of_stream text, of_position bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE FUNCTION event_store.stop_subscription(tenant text, name text, reason text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
declare
    s event_store.subscriptions := event_store.lock_subscription(tenant, name);
begin
    update event_store.subscriptions u
    set stop_reason = reason, stopped_at = case when reason is not null then clock_timestamp() end
    where u.subscription_id = s.subscription_id and (u.stopped_at is null) <> (reason is null);
    return s.subscription_id is not null;
end $$;
CREATE FUNCTION event_store.subject_key(tenant text, subject text, candidate_id uuid, candidate bytea) RETURNS TABLE(key_id uuid, key bytea)
    LANGUAGE plpgsql SECURITY DEFINER
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
    return query select k.key_id, k.key from event_store.subject_keys k
        where k.tenant = subject_key.tenant and k.subject = subject_key.subject;
    if not found then
        insert into event_store.subject_keys (tenant, subject, key_id, key)
        values (subject_key.tenant, subject_key.subject, candidate_id, candidate)
        on conflict on constraint subject_keys_pkey do nothing;
        return query select k.key_id, k.key from event_store.subject_keys k
            where k.tenant = subject_key.tenant and k.subject = subject_key.subject;
    end if;
end $$;
CREATE FUNCTION event_store.subject_keys_by_id(tenants text[], key_ids uuid[]) RETURNS TABLE(tenant text, key_id uuid, subject text, key bytea)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
    return query select k.tenant::text, k.key_id, k.subject::text, k.key
        from unnest(tenants, key_ids) wanted (tenant, key_id)
        join event_store.subject_keys k on k.key_id = wanted.key_id and k.tenant = wanted.tenant;
end $$;
CREATE FUNCTION event_store.subject_notice_appended(tenant text, subject text, "position" bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
begin
    update event_store.subject_keys k
    set notice_position = subject_notice_appended.position, notice_id = null, notice_type = null, notice_data = null,
        notice_metadata = null
    where k.tenant = subject_notice_appended.tenant and k.subject = subject_notice_appended.subject
      and k.notice_id is not null;
end $$;
CREATE FUNCTION event_store.subscription_info(tenant text, name text) RETURNS TABLE(of_tenant text, of_name text, read_position bigint, lag bigint, waiting bigint, in_flight bigint, retrying bigint, parked bigint, held bigint, oldest_at timestamp with time zone, settled bigint, consumers text[], in_hands bigint[], stop_reason text, stopped_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET search_path TO 'pg_catalog'
    AS $$
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
CREATE VIEW event_store.all_events AS
 SELECT events."position",
    events.revision,
    events.recorded_at,
    events.event_id,
    events.schema_version,
    events.tenant,
    events.stream,
    events.type,
    events.data,
    events.metadata,
    events.redacted_at
   FROM event_store.events
UNION ALL
 SELECT archived_events."position",
    archived_events.revision,
    archived_events.recorded_at,
    archived_events.event_id,
    archived_events.schema_version,
    archived_events.tenant,
    archived_events.stream,
    archived_events.type,
    archived_events.data,
    archived_events.metadata,
    archived_events.redacted_at
   FROM event_store.archived_events;
CREATE TABLE event_store.commands (
    tenant text NOT NULL COLLATE pg_catalog."C",
    command_id text NOT NULL COLLATE pg_catalog."C",
    request_hash bytea NOT NULL,
    streams text[] NOT NULL,
    revisions bigint[] NOT NULL,
    "position" bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    outcome bytea
);
CREATE VIEW event_store.events_json AS
 SELECT all_events."position",
    all_events.tenant,
    all_events.stream,
    all_events.revision,
    all_events.event_id,
    all_events.type,
    all_events.schema_version,
    all_events.recorded_at,
    all_events.redacted_at,
        CASE
            WHEN (POSITION(('\x2224'::bytea) IN (all_events.data)) > 0) THEN event_store.readable((convert_from(all_events.data, 'UTF8'::name))::jsonb, all_events.tenant)
            ELSE (convert_from(all_events.data, 'UTF8'::name))::jsonb
        END AS data,
    (convert_from(all_events.metadata, 'UTF8'::name))::jsonb AS metadata
   FROM event_store.all_events;
CREATE TABLE event_store.parked_messages (
    subscription_id integer NOT NULL,
    "position" bigint NOT NULL,
    stream text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL,
    attempts integer,
    reason text,
    parked_at timestamp with time zone,
    CONSTRAINT parked_messages_check CHECK (((state = 'parked'::text) <= ((attempts IS NOT NULL) AND (reason IS NOT NULL) AND (parked_at IS NOT NULL)))),
    CONSTRAINT parked_messages_state_check CHECK ((state = ANY (ARRAY['parked'::text, 'waits'::text, 'returns'::text])))
);
CREATE TABLE event_store.redactions (
    "position" bigint NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    redacted_at timestamp with time zone NOT NULL
);
CREATE TABLE event_store.sequences (
    tenant text NOT NULL COLLATE pg_catalog."C",
    sequence text NOT NULL COLLATE pg_catalog."C",
    last_number bigint NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE event_store.subscription_consumers (
    subscription_id integer NOT NULL,
    consumer text NOT NULL COLLATE pg_catalog."C",
    seen_at timestamp with time zone NOT NULL
);
CREATE TABLE event_store.subscription_messages (
    subscription_id integer NOT NULL,
    "position" bigint NOT NULL,
    stream text NOT NULL COLLATE pg_catalog."C",
    failures integer DEFAULT 0 NOT NULL,
    not_before timestamp with time zone,
    consumer text COLLATE pg_catalog."C",
    number bigint,
    deadline timestamp with time zone,
    CONSTRAINT subscription_messages_check CHECK ((((consumer IS NULL) = (number IS NULL)) AND ((consumer IS NULL) = (deadline IS NULL))))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');
ALTER TABLE event_store.subscriptions ALTER COLUMN subscription_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME event_store.subscriptions_subscription_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    duration_ms bigint NOT NULL
);
INSERT INTO event_store.archived_events VALUES
	(1, 0, '2026-11-27 07:33:56.803225+00', '75af6213-8812-45d4-bf33-daca165287ae', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000101', 'invoices.invoice.created.v1', '\x7b22616d6f756e74223a313035302c22637265617465644174223a22323032362d30322d31315430393a33303a30302e3235305a222c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930413645322d303030302d373030302d383030302d303030303030303030303032222c2264756544617465223a22323032362d30332d3331222c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313031222c227265666572656e6365223a22504f2d31227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(2, 0, '2026-11-27 07:33:56.8427+00', '551e072d-0bd1-420a-a130-e851d0411b17', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000102', 'invoices.invoice.created.v1', '\x7b22616d6f756e74223a323035302c22637265617465644174223a22323032362d30332d31315430393a33303a30302e3235305a222c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930413645322d303030302d373030302d383030302d303030303030303030303033222c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313032222c227265666572656e6365223a22504f2d32227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(3, 1, '2026-11-27 07:33:56.8427+00', 'c30a6111-fbcc-412d-9a7e-d5ce84416682', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000102', 'invoices.invoice.paid.v1', '\x7b22616d6f756e74223a323035302c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313032222c22706169644174223a22323032362d30332d31325431303a30303a30305a227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(4, 0, '2026-11-27 07:33:56.879546+00', '147f4937-98e6-44b2-851d-fb172a55d143', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000103', 'invoices.invoice.created.v1', '\x7b22616d6f756e74223a333035302c22637265617465644174223a22323032362d30342d31315430393a33303a30302e3235305a222c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930413645322d303030302d373030302d383030302d303030303030303030303034222c2264756544617465223a22323032362d30332d3331222c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313033227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(5, 0, '2026-11-27 07:33:56.911439+00', '36043cb2-069d-4ebe-8729-468c1ad6c32e', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000104', 'invoices.invoice.created.v1', '\x7b22616d6f756e74223a343035302c22637265617465644174223a22323032362d30352d31315430393a33303a30302e3235305a222c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930413645322d303030302d373030302d383030302d303030303030303030303031222c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313034222c227265666572656e6365223a22504f2d34227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(6, 1, '2026-11-27 07:33:56.911439+00', '0254f17f-c545-4813-b232-16d84116df9a', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000104', 'invoices.invoice.paid.v1', '\x7b22616d6f756e74223a343035302c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313034222c22706169644174223a22323032362d30352d31325431303a30303a30305a227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(7, 0, '2026-11-27 07:33:56.945042+00', '5e25f12d-3671-4a67-992a-a4e752557799', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000105', 'invoices.invoice.created.v1', '\x7b22616d6f756e74223a353035302c22637265617465644174223a22323032362d30362d31315430393a33303a30302e3235305a222c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930413645322d303030302d373030302d383030302d303030303030303030303032222c2264756544617465223a22323032362d30332d3331222c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313035222c227265666572656e6365223a22504f2d35227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(8, 0, '2026-11-27 07:33:56.99173+00', 'ded46c66-1dbc-4bd4-8691-2238c7a54ab1', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000106', 'invoices.invoice.created.v1', '\x7b22616d6f756e74223a363035302c22637265617465644174223a22323032362d30372d31315430393a33303a30302e3235305a222c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930413645322d303030302d373030302d383030302d303030303030303030303033222c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313036227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(9, 1, '2026-11-27 07:33:56.99173+00', '19c6788f-8405-46f1-948b-f82a84cc44aa', 1, 'main', 'invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000106', 'invoices.invoice.paid.v1', '\x7b22616d6f756e74223a363035302c22696e766f6963654964223a2230313930413645322d303030302d373030302d383030302d303030303030303030313036222c22706169644174223a22323032362d30372d31325431303a30303a30305a227d', '\x7b22636175736174696f6e4964223a227631222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a227631222c226f636375727265644174223a22323032362d30312d31315430393a33303a30302e3235305a222c22736f75726365223a22696e766f69636573227d', NULL),
	(10, 0, '2026-11-27 07:33:57.015291+00', '01a21bec-da90-7658-9b30-521f1b677168', 2, 'main', 'invoices.invoice.v1-main-01a21bec-da8f-79af-95ad-2000bbb6fba6', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3030373835325a222c22696e766f6963654964223a2230316132316265632d646138662d373961662d393561642d323030306262623666626136222c227465726d73223a7b22616d6f756e74223a313030302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a313030302c227265666572656e6365223a22504f2d313031222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646138652d373463632d616336662d366563366132333465666365222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646138652d373463632d616336662d366563366132333465666365222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3030373835325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(11, 0, '2026-11-27 07:33:57.028305+00', '01a21bec-daa3-7867-a703-7bc3afddc681', 2, 'main', 'invoices.invoice.v1-main-01a21bec-daa2-7471-bdda-429d235526d6', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3032363931395a222c22696e766f6963654964223a2230316132316265632d646161322d373437312d626464612d343239643233353532366436222c227465726d73223a7b22616d6f756e74223a3131313735352c2263757272656e6379223a22434846222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c2264756544617465223a22323032362d31322d3234222c226c696e6573223a5b7b226465736372697074696f6e223a22436f6e73756c74696e67222c226e6574416d6f756e74223a39303030302c227175616e74697479223a22372e35222c22746178416d6f756e74223a31373130302c2274617852617465223a313930302c22756e69745072696365223a31323030307d2c7b226465736372697074696f6e223a2254726176656c222c226e6574416d6f756e74223a343335302c227175616e74697479223a2231222c22746178416d6f756e74223a3330352c2274617852617465223a3730302c22756e69745072696365223a343335307d5d2c226e6574416d6f756e74223a39343335302c227265666572656e6365223a22504f2d313032222c22726f756e64696e6752756c65223a226c696e652d68616c662d75702e7631222c22746178416d6f756e74223a31373430357d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646161322d373238322d383035312d663235353564636132353231222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646161322d373238322d383035312d663235353564636132353231222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3032363931395a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(12, 0, '2026-11-27 07:33:57.038776+00', '01a21bec-daad-7b9e-8f13-ebbc08d6c34d', 2, 'main', 'invoices.invoice.v1-main-01a21bec-daad-7677-856d-0c2c95663a34', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3033373138325a222c22696e766f6963654964223a2230316132316265632d646161642d373637372d383536642d306332633935363633613334222c227465726d73223a7b22616d6f756e74223a323030302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c2264756544617465223a22323032362d31302d3031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a323030302c227265666572656e6365223a22504f2d313033222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646161632d373535332d626437362d666363373061633362353738222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646161632d373535332d626437362d666363373061633362353738222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3033373138325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(13, 1, '2026-11-27 07:33:57.038776+00', '01a21bec-daad-7b4e-886b-1bcd4aca1fce', 1, 'main', 'invoices.invoice.v1-main-01a21bec-daad-7677-856d-0c2c95663a34', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646161642d373637372d383536642d306332633935363633613334222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3033373138325a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a312c22636175736174696f6e4964223a2230316132316265632d646161632d373535332d626437362d666363373061633362353738222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646161632d373535332d626437362d666363373061633362353738222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3033373138325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(14, 0, '2026-11-27 07:33:57.04944+00', '01a21bec-dab8-731d-a81e-eff49b36b916', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dab8-76b1-bb63-95607fbbf8c2', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3034383539375a222c22696e766f6963654964223a2230316132316265632d646162382d373662312d626236332d393536303766626266386332222c227465726d73223a7b22616d6f756e74223a352c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a352c227265666572656e6365223a22504f2d313034222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646162382d373164632d383263322d373966373435373862633731222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646162382d373164632d383263322d373966373435373862633731222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3034383539375a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(15, 1, '2026-11-27 07:33:57.04944+00', '01a21bec-dab8-7f56-8def-b84abb38786c', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dab8-76b1-bb63-95607fbbf8c2', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646162382d373662312d626236332d393536303766626266386332222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3034383539375a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a322c22636175736174696f6e4964223a2230316132316265632d646162382d373164632d383263322d373966373435373862633731222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646162382d373164632d383263322d373966373435373862633731222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3034383539375a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(16, 0, '2026-11-27 07:33:57.064524+00', '01a21bec-dac7-7d9a-ba00-feb0108b0a26', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dac7-7315-829e-31802746612a', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3036333733395a222c22696e766f6963654964223a2230316132316265632d646163372d373331352d383239652d333138303237343636313261222c227465726d73223a7b22616d6f756e74223a333030302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a333030302c227265666572656e6365223a22504f2d313035222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646163372d376433622d383037652d346631636135376632326665222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646163372d376433622d383037652d346631636135376632326665222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3036333733395a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(17, 1, '2026-11-27 07:33:57.064524+00', '01a21bec-dac7-7786-880a-1ad57469054d', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dac7-7315-829e-31802746612a', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646163372d373331352d383239652d333138303237343636313261222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3036333733395a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a332c22636175736174696f6e4964223a2230316132316265632d646163372d376433622d383037652d346631636135376632326665222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646163372d376433622d383037652d346631636135376632326665222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3036333733395a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(18, 2, '2026-11-27 07:33:57.076631+00', '01a21bec-dad3-7191-98e2-a94bf45528e4', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dac7-7315-829e-31802746612a', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a333030302c22696e766f6963654964223a2230316132316265632d646163372d373331352d383239652d333138303237343636313261222c22706169644174223a22323032362d31312d32375430373a33333a35372e3037323339315a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646164302d373136642d386366372d646234653961643364343863222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646164302d373136642d386366372d646234653961643364343863222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3037323339315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(19, 0, '2026-11-27 07:33:57.086476+00', '01a21bec-dadd-74a0-8725-dd44294b77be', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dadd-738d-92d4-e332b4ab3347', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3038353631385a222c22696e766f6963654964223a2230316132316265632d646164642d373338642d393264342d653333326234616233333437222c227465726d73223a7b22616d6f756e74223a343030302c2263757272656e6379223a22555344222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343030302c227265666572656e6365223a22504f2d313036222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646164642d373631332d613430332d613661373738646361376335222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646164642d373631332d613430332d613661373738646361376335222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3038353631385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL);
INSERT INTO event_store.commands VALUES
	('main', 'fixture-create', '\xc623c5b7ca86d17d117e131e31aab4fd897fb253bbf9ac8a2bcd475e7870f700', '{invoices.invoice.v1-main-01a21bec-dc53-7fd4-8d11-dbcb9927a7ae}', '{1}', 95, '2026-11-27 07:33:57.461552+00', '\x0041dac24c995d6f9e'),
	('main', 'fixture-pay', '\x73eaa335dc00764fa85a88640613601a4bac0b1464cf04d1fd0a02787add3742', '{invoices.invoice.v1-main-01a21bec-dc5b-7f36-9acd-999a36c1c47e}', '{2}', 98, '2026-11-27 07:33:57.475276+00', '\x0041dac24c995e5472');
INSERT INTO event_store.events VALUES
	(20, 1, '2026-11-27 07:33:57.086476+00', '01a21bec-dadd-7b3d-8d35-e742caf6e34b', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dadd-738d-92d4-e332b4ab3347', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646164642d373338642d393264342d653333326234616233333437222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3038353631385a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a342c22636175736174696f6e4964223a2230316132316265632d646164642d373631332d613430332d613661373738646361376335222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646164642d373631332d613430332d613661373738646361376335222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3038353631385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(21, 2, '2026-11-27 07:33:57.096369+00', '01a21bec-dae7-7df8-9be4-757b02e3a183', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dadd-738d-92d4-e332b4ab3347', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a313530302c22696e766f6963654964223a2230316132316265632d646164642d373338642d393264342d653333326234616233333437222c226d6574686f64223a2263617264222c22706169644174223a22323032362d31312d32375430373a33333a35372e3039343335335a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646165362d376339342d383232392d336465656261346236363331222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646165362d376339342d383232392d336465656261346236363331222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3039343335335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(22, 0, '2026-11-27 07:33:57.10452+00', '01a21bec-daef-7288-9496-607ecbd85711', 2, 'main', 'invoices.invoice.v1-main-01a21bec-daef-798a-84e5-9cc11f65f83c', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3130333830305a222c22696e766f6963654964223a2230316132316265632d646165662d373938612d383465352d396363313166363566383363222c227465726d73223a7b22616d6f756e74223a343130302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343130302c227265666572656e6365223a22504f2d313037222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646165662d376333342d393633322d393339373037656536366262222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646165662d376333342d393633322d393339373037656536366262222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3130333830305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(23, 1, '2026-11-27 07:33:57.10452+00', '01a21bec-daef-73ef-a781-3ba2c328d9a8', 1, 'main', 'invoices.invoice.v1-main-01a21bec-daef-798a-84e5-9cc11f65f83c', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646165662d373938612d383465352d396363313166363566383363222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3130333830305a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a352c22636175736174696f6e4964223a2230316132316265632d646165662d376333342d393633322d393339373037656536366262222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646165662d376333342d393633322d393339373037656536366262222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3130333830305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(24, 2, '2026-11-27 07:33:57.112963+00', '01a21bec-daf8-773a-b3ea-819e3ee963c5', 1, 'main', 'invoices.invoice.v1-main-01a21bec-daef-798a-84e5-9cc11f65f83c', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a343130302c22696e766f6963654964223a2230316132316265632d646165662d373938612d383465352d396363313166363566383363222c22706169644174223a22323032362d31312d32375430373a33333a35372e3131313436375a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646166372d376232392d626534382d323330653031343639366536222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646166372d376232392d626534382d323330653031343639366536222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3131313436375a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(25, 3, '2026-11-27 07:33:57.120512+00', '01a21bec-daff-7e38-bc35-4fe21b2a00c5', 1, 'main', 'invoices.invoice.v1-main-01a21bec-daef-798a-84e5-9cc11f65f83c', 'invoices.invoice.refunded.v1', '\x7b22616d6f756e74223a3130302c22696e766f6963654964223a2230316132316265632d646165662d373938612d383465352d396363313166363566383363222c22726561736f6e223a2244616d61676564222c22726566756e6465644174223a22323032362d31312d32375430373a33333a35372e3131393030335a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646166652d373239362d383662332d373162663934323533666635222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646166652d373239362d383662332d373162663934323533666635222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3131393030335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(26, 0, '2026-11-27 07:33:57.126989+00', '01a21bec-db06-7e0e-9e37-d907eb949b8d', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db06-7cfe-8cc5-a6c716d98e40', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3132363334335a222c22696e766f6963654964223a2230316132316265632d646230362d376366652d386363352d613663373136643938653430222c227465726d73223a7b22616d6f756e74223a343230302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343230302c227265666572656e6365223a22504f2d313038222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646230362d373038352d396265362d663537646430323238396336222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646230362d373038352d396265362d663537646430323238396336222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3132363334335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(27, 1, '2026-11-27 07:33:57.126989+00', '01a21bec-db06-78f7-911b-26feadcd5a7f', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db06-7cfe-8cc5-a6c716d98e40', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646230362d376366652d386363352d613663373136643938653430222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3132363334335a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a362c22636175736174696f6e4964223a2230316132316265632d646230362d373038352d396265362d663537646430323238396336222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646230362d373038352d396265362d663537646430323238396336222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3132363334335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(28, 2, '2026-11-27 07:33:57.135054+00', '01a21bec-db0e-71ac-af29-5fdf5dbc8161', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db06-7cfe-8cc5-a6c716d98e40', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a343230302c22696e766f6963654964223a2230316132316265632d646230362d376366652d386363352d613663373136643938653430222c22706169644174223a22323032362d31312d32375430373a33333a35372e3133333837315a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646230642d373965332d613536362d346264346664616631626666222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646230642d373965332d613536362d346264346664616631626666222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3133333837315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(29, 3, '2026-11-27 07:33:57.141606+00', '01a21bec-db15-790a-98fd-7902a09bafda', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db06-7cfe-8cc5-a6c716d98e40', 'invoices.invoice.refunded.v1', '\x7b22616d6f756e74223a343230302c22696e766f6963654964223a2230316132316265632d646230362d376366652d386363352d613663373136643938653430222c22726566756e6465644174223a22323032362d31312d32375430373a33333a35372e3134303438325a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646231342d373061662d613935642d363262316438353335663063222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646231342d373061662d613935642d363262316438353335663063222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3134303438325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(30, 0, '2026-11-27 07:33:57.147145+00', '01a21bec-db1a-7bb7-a792-e702bb23ec84', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db1a-7d50-a390-d204682967d2', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3134363538335a222c22696e766f6963654964223a2230316132316265632d646231612d376435302d613339302d643230343638323936376432222c227465726d73223a7b22616d6f756e74223a343330302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343330302c227265666572656e6365223a22504f2d313039222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646231612d376565362d386331322d383330613532376666663866222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646231612d376565362d386331322d383330613532376666663866222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3134363538335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(31, 1, '2026-11-27 07:33:57.147145+00', '01a21bec-db1a-74fc-8e54-aeb1b3f36555', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db1a-7d50-a390-d204682967d2', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646231612d376435302d613339302d643230343638323936376432222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3134363538335a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a372c22636175736174696f6e4964223a2230316132316265632d646231612d376565362d386331322d383330613532376666663866222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646231612d376565362d386331322d383330613532376666663866222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3134363538335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(32, 2, '2026-11-27 07:33:57.153282+00', '01a21bec-db20-7c81-bd29-dd3ac4b6a29e', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db1a-7d50-a390-d204682967d2', 'invoices.invoice.voided.v1', '\x7b22696e766f6963654964223a2230316132316265632d646231612d376435302d613339302d643230343638323936376432222c22726561736f6e223a2253656e74207477696365222c22766f696465644174223a22323032362d31312d32375430373a33333a35372e3135313838375a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646231662d373038302d383535312d653239353466323166353164222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646231662d373038302d383535312d653239353466323166353164222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3135313838375a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(33, 0, '2026-11-27 07:33:57.160077+00', '01a21bec-db27-7fdd-9b34-9f9be1653cea', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db27-7130-9763-b5edf3f4b8d9', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3135393532335a222c22696e766f6963654964223a2230316132316265632d646232372d373133302d393736332d623565646633663462386439222c227465726d73223a7b22616d6f756e74223a343430302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343430302c227265666572656e6365223a22504f2d313130222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646232372d373632612d396264332d613930336135306237633137222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646232372d373632612d396264332d613930336135306237633137222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3135393532335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(34, 1, '2026-11-27 07:33:57.166227+00', '01a21bec-db2d-7651-84d1-9fda1d14338f', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db27-7130-9763-b5edf3f4b8d9', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646232372d373133302d393736332d623565646633663462386439222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3136353131355a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a382c22636175736174696f6e4964223a2230316132316265632d646232642d373065342d623563312d333936363939666361663163222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646232642d373065342d623563312d333936363939666361663163222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3136353131355a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(35, 0, '2026-11-27 07:33:57.172986+00', '01a21bec-db34-76a9-ae70-7af36f3a2cf0', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db34-747a-836b-6f61f6d4e5f9', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3137323533385a222c22696e766f6963654964223a2230316132316265632d646233342d373437612d383336622d366636316636643465356639222c227465726d73223a7b22616d6f756e74223a343530302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343530302c227265666572656e6365223a22504f2d313131222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646233342d373765302d626633372d303835613166626330303534222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646233342d373765302d626633372d303835613166626330303534222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3137323533385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(36, 1, '2026-11-27 07:33:57.179467+00', '01a21bec-db3a-74c7-abaa-1e41582c7238', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db34-747a-836b-6f61f6d4e5f9', 'invoices.invoice.revised.v1', '\x7b22696e766f6963654964223a2230316132316265632d646233342d373437612d383336622d366636316636643465356639222c22726576697365644174223a22323032362d31312d32375430373a33333a35372e3137383137375a222c227465726d73223a7b22616d6f756e74223a343630302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343630302c227265666572656e6365223a22504f2d313131222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646233392d376465352d393432302d386534663430363638626363222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646233392d376465352d393432302d386534663430363638626363222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3137383137375a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(37, 2, '2026-11-27 07:33:57.185931+00', '01a21bec-db41-7f07-aa28-f781c8ddda6d', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db34-747a-836b-6f61f6d4e5f9', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646233342d373437612d383336622d366636316636643465356639222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3138343639325a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a392c22636175736174696f6e4964223a2230316132316265632d646234302d376661642d393731332d646333303031336639616238222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646234302d376661642d393731332d646333303031336639616238222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3138343639325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(38, 0, '2026-11-27 07:33:57.19347+00', '01a21bec-db48-7601-8232-c356446f26c5', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db48-73f7-b5cf-93e35a0bf683', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3139323834305a222c22696e766f6963654964223a2230316132316265632d646234382d373366372d623563662d393365333561306266363833222c227465726d73223a7b22616d6f756e74223a313030312c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a313030312c227265666572656e6365223a22504f2d313132222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646234382d376562642d613965382d616435383436656635663964222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646234382d376562642d613965382d616435383436656635663964222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3139323834305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(39, 0, '2026-11-27 07:33:57.20045+00', '01a21bec-db4f-754b-9ae8-2accb0884055', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db4f-7ced-a81c-4f830f8b9534', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3139393837305a222c22696e766f6963654964223a2230316132316265632d646234662d376365642d613831632d346638333066386239353334222c227465726d73223a7b22616d6f756e74223a3131313735352c2263757272656e6379223a22434846222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c2264756544617465223a22323032362d31322d3234222c226c696e6573223a5b7b226465736372697074696f6e223a22436f6e73756c74696e67222c226e6574416d6f756e74223a39303030302c227175616e74697479223a22372e35222c22746178416d6f756e74223a31373130302c2274617852617465223a313930302c22756e69745072696365223a31323030307d2c7b226465736372697074696f6e223a2254726176656c222c226e6574416d6f756e74223a343335302c227175616e74697479223a2231222c22746178416d6f756e74223a3330352c2274617852617465223a3730302c22756e69745072696365223a343335307d5d2c226e6574416d6f756e74223a39343335302c227265666572656e6365223a22504f2d313133222c22726f756e64696e6752756c65223a226c696e652d68616c662d75702e7631222c22746178416d6f756e74223a31373430357d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646234662d376262612d393666362d616133383530363135333837222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646234662d376262612d393666362d616133383530363135333837222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3139393837305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(40, 0, '2026-11-27 07:33:57.20692+00', '01a21bec-db56-7973-bdb3-cc53ca817230', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db56-73ae-b31b-2b23be8cada9', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3230363333305a222c22696e766f6963654964223a2230316132316265632d646235362d373361652d623331622d326232336265386361646139222c227465726d73223a7b22616d6f756e74223a323030312c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c2264756544617465223a22323032362d31302d3031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a323030312c227265666572656e6365223a22504f2d313134222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646235362d376364382d623232392d356337653964393736383131222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646235362d376364382d623232392d356337653964393736383131222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3230363333305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(41, 1, '2026-11-27 07:33:57.20692+00', '01a21bec-db56-7df8-a584-b28ea1866a1d', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db56-73ae-b31b-2b23be8cada9', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646235362d373361652d623331622d326232336265386361646139222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3230363333305a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31302c22636175736174696f6e4964223a2230316132316265632d646235362d376364382d623232392d356337653964393736383131222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646235362d376364382d623232392d356337653964393736383131222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3230363333305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(42, 0, '2026-11-27 07:33:57.213494+00', '01a21bec-db5c-7320-966c-34e99ab130c4', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db5c-751a-9340-7ee077144c61', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3231323734365a222c22696e766f6963654964223a2230316132316265632d646235632d373531612d393334302d376565303737313434633631222c227465726d73223a7b22616d6f756e74223a3131313735352c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c2264756544617465223a22323032372d30322d3031222c226c696e6573223a5b7b226465736372697074696f6e223a22436f6e73756c74696e67222c226e6574416d6f756e74223a39303030302c227175616e74697479223a22372e35222c22746178416d6f756e74223a31373130302c2274617852617465223a313930302c22756e69745072696365223a31323030307d2c7b226465736372697074696f6e223a2254726176656c222c226e6574416d6f756e74223a343335302c227175616e74697479223a2231222c22746178416d6f756e74223a3330352c2274617852617465223a3730302c22756e69745072696365223a343335307d5d2c226e6574416d6f756e74223a39343335302c227265666572656e6365223a22504f2d313135222c22726f756e64696e6752756c65223a226c696e652d68616c662d75702e7631222c22746178416d6f756e74223a31373430357d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646235632d376335612d613232382d363062626134633337663531222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646235632d376335612d613232382d363062626134633337663531222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3231323734365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(43, 1, '2026-11-27 07:33:57.213494+00', '01a21bec-db5c-7239-8ad6-ab7afce4657d', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db5c-751a-9340-7ee077144c61', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646235632d373531612d393334302d376565303737313434633631222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3231323734365a222c22736572696573223a2253484f5031222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a312c22636175736174696f6e4964223a2230316132316265632d646235632d376335612d613232382d363062626134633337663531222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646235632d376335612d613232382d363062626134633337663531222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3231323734365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(44, 0, '2026-11-27 07:33:57.219716+00', '01a21bec-db63-7ab0-bee4-daa024562bef', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db63-71df-abda-6f89c4695cf2', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3231393236325a222c22696e766f6963654964223a2230316132316265632d646236332d373164662d616264612d366638396334363935636632222c227465726d73223a7b22616d6f756e74223a333030302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a333030302c227265666572656e6365223a22504f2d313136222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646236332d376537362d623365372d356239616161656261373330222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646236332d376537362d623365372d356239616161656261373330222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3231393236325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(45, 1, '2026-11-27 07:33:57.219716+00', '01a21bec-db63-70ca-a260-e3e42f13865b', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db63-71df-abda-6f89c4695cf2', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646236332d373164662d616264612d366638396334363935636632222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3231393236325a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31312c22636175736174696f6e4964223a2230316132316265632d646236332d376537362d623365372d356239616161656261373330222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646236332d376537362d623365372d356239616161656261373330222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3231393236325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(46, 2, '2026-11-27 07:33:57.225666+00', '01a21bec-db69-78db-8ff6-85dc1d115793', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db63-71df-abda-6f89c4695cf2', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a333030302c22696e766f6963654964223a2230316132316265632d646236332d373164662d616264612d366638396334363935636632222c22706169644174223a22323032362d31312d32375430373a33333a35372e3232343536355a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646236382d376331322d393239312d323930643262666265353732222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646236382d376331322d393239312d323930643262666265353732222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3232343536355a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(47, 0, '2026-11-27 07:33:57.231144+00', '01a21bec-db6e-7e97-a762-c93d3a65b781', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db6e-7d15-9021-72920722b02a', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3233303538335a222c22696e766f6963654964223a2230316132316265632d646236652d376431352d393032312d373239323037323262303261222c227465726d73223a7b22616d6f756e74223a343030302c2263757272656e6379223a22555344222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343030302c227265666572656e6365223a22504f2d313137222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646236652d373564632d613466342d636465363037616165393031222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646236652d373564632d613466342d636465363037616165393031222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3233303538335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(48, 1, '2026-11-27 07:33:57.231144+00', '01a21bec-db6e-7472-a317-459bdc7ef561', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db6e-7d15-9021-72920722b02a', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646236652d376431352d393032312d373239323037323262303261222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3233303538335a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31322c22636175736174696f6e4964223a2230316132316265632d646236652d373564632d613466342d636465363037616165393031222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646236652d373564632d613466342d636465363037616165393031222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3233303538335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(49, 2, '2026-11-27 07:33:57.237297+00', '01a21bec-db74-776a-a691-9bddf0eff9be', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db6e-7d15-9021-72920722b02a', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a313530302c22696e766f6963654964223a2230316132316265632d646236652d376431352d393032312d373239323037323262303261222c226d6574686f64223a2263617264222c22706169644174223a22323032362d31312d32375430373a33333a35372e3233363131375a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646237332d373836322d626534662d623031363437333739653730222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646237332d373836322d626534662d623031363437333739653730222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3233363131375a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(50, 0, '2026-11-27 07:33:57.243611+00', '01a21bec-db7a-7bf2-acdf-ac2373ae1b56', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db7a-7fb7-ab43-fe3b13991ede', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3234323836345a222c22696e766f6963654964223a2230316132316265632d646237612d376662372d616234332d666533623133393931656465222c227465726d73223a7b22616d6f756e74223a343130302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343130302c227265666572656e6365223a22504f2d313138222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646237612d373165372d383930622d323639646237333639633130222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646237612d373165372d383930622d323639646237333639633130222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3234323836345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(51, 1, '2026-11-27 07:33:57.243611+00', '01a21bec-db7b-7229-b8cf-c0535b5762cd', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db7a-7fb7-ab43-fe3b13991ede', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646237612d376662372d616234332d666533623133393931656465222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3234323836345a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31332c22636175736174696f6e4964223a2230316132316265632d646237612d373165372d383930622d323639646237333639633130222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646237612d373165372d383930622d323639646237333639633130222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3234323836345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(52, 2, '2026-11-27 07:33:57.251116+00', '01a21bec-db82-7baf-8a55-018e3b497ba1', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db7a-7fb7-ab43-fe3b13991ede', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a343130302c22696e766f6963654964223a2230316132316265632d646237612d376662372d616234332d666533623133393931656465222c22706169644174223a22323032362d31312d32375430373a33333a35372e3234393632305a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646238312d373130642d613462632d613139633333333138356538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646238312d373130642d613462632d613139633333333138356538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3234393632305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(53, 3, '2026-11-27 07:33:57.25851+00', '01a21bec-db8a-7196-8620-2a134f52eaef', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db7a-7fb7-ab43-fe3b13991ede', 'invoices.invoice.refunded.v1', '\x7b22616d6f756e74223a3130302c22696e766f6963654964223a2230316132316265632d646237612d376662372d616234332d666533623133393931656465222c22726561736f6e223a2244616d61676564222c22726566756e6465644174223a22323032362d31312d32375430373a33333a35372e3235373231355a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646238392d373636362d626463302d616230393830643537313632222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646238392d373636362d626463302d616230393830643537313632222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3235373231355a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(54, 0, '2026-11-27 07:33:57.265052+00', '01a21bec-db90-705e-8db8-f5ac04836bf9', 2, 'main', 'invoices.invoice.v1-main-01a21bec-db90-7d92-a804-beb840be2092', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3236343335365a222c22696e766f6963654964223a2230316132316265632d646239302d376439322d613830342d626562383430626532303932222c227465726d73223a7b22616d6f756e74223a343230302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343230302c227265666572656e6365223a22504f2d313139222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646239302d376136382d383733652d393665646666646634613632222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646239302d376136382d383733652d393665646666646634613632222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3236343335365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(55, 1, '2026-11-27 07:33:57.265052+00', '01a21bec-db90-7046-bc7e-82be4657319f', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db90-7d92-a804-beb840be2092', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646239302d376439322d613830342d626562383430626532303932222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3236343335365a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31342c22636175736174696f6e4964223a2230316132316265632d646239302d376136382d383733652d393665646666646634613632222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646239302d376136382d383733652d393665646666646634613632222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3236343335365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(56, 2, '2026-11-27 07:33:57.271861+00', '01a21bec-db97-74d2-8269-7474a48cc4ff', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db90-7d92-a804-beb840be2092', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a343230302c22696e766f6963654964223a2230316132316265632d646239302d376439322d613830342d626562383430626532303932222c22706169644174223a22323032362d31312d32375430373a33333a35372e3237303633375a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646239362d373937342d396534372d636566333238306132313438222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646239362d373937342d396534372d636566333238306132313438222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3237303633375a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(57, 3, '2026-11-27 07:33:57.278161+00', '01a21bec-db9d-73d8-8e6e-bd7f9aabda59', 1, 'main', 'invoices.invoice.v1-main-01a21bec-db90-7d92-a804-beb840be2092', 'invoices.invoice.refunded.v1', '\x7b22616d6f756e74223a343230302c22696e766f6963654964223a2230316132316265632d646239302d376439322d613830342d626562383430626532303932222c22726566756e6465644174223a22323032362d31312d32375430373a33333a35372e3237373133345a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646239642d376639652d613461362d313138316263623636373862222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646239642d376639652d613461362d313138316263623636373862222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3237373133345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(58, 0, '2026-11-27 07:33:57.284034+00', '01a21bec-dba3-78e0-b6a8-d1db7f662640', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dba3-759a-953a-ce1bf10aa8bd', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3238333437305a222c22696e766f6963654964223a2230316132316265632d646261332d373539612d393533612d636531626631306161386264222c227465726d73223a7b22616d6f756e74223a343330302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343330302c227265666572656e6365223a22504f2d313230222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646261332d373633342d623965302d323364356131363735303765222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646261332d373633342d623965302d323364356131363735303765222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3238333437305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(59, 1, '2026-11-27 07:33:57.284034+00', '01a21bec-dba3-743c-9094-bc304cada02a', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dba3-759a-953a-ce1bf10aa8bd', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646261332d373539612d393533612d636531626631306161386264222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3238333437305a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31352c22636175736174696f6e4964223a2230316132316265632d646261332d373633342d623965302d323364356131363735303765222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646261332d373633342d623965302d323364356131363735303765222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3238333437305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(60, 2, '2026-11-27 07:33:57.290472+00', '01a21bec-dbaa-7dc0-8c77-f365d55b33c4', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dba3-759a-953a-ce1bf10aa8bd', 'invoices.invoice.voided.v1', '\x7b22696e766f6963654964223a2230316132316265632d646261332d373539612d393533612d636531626631306161386264222c22726561736f6e223a2253656e74207477696365222c22766f696465644174223a22323032362d31312d32375430373a33333a35372e3238393434315a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646261392d373564652d613363362d616336396138636336323037222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646261392d373564652d613363362d616336396138636336323037222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3238393434315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(61, 0, '2026-11-27 07:33:57.296206+00', '01a21bec-dbaf-7a08-b10a-acb6bfeaf787', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dbaf-7e32-91f2-5f560a8b381d', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3239353637345a222c22696e766f6963654964223a2230316132316265632d646261662d376533322d393166322d356635363061386233383164222c227465726d73223a7b22616d6f756e74223a343430302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343430302c227265666572656e6365223a22504f2d313231222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646261662d373862372d393436392d323131643739303165373661222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646261662d373862372d393436392d323131643739303165373661222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3239353637345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(62, 1, '2026-11-27 07:33:57.302102+00', '01a21bec-dbb5-70ae-85f0-27f12f2fab43', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbaf-7e32-91f2-5f560a8b381d', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646261662d376533322d393166322d356635363061386233383164222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3330303936315a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31362c22636175736174696f6e4964223a2230316132316265632d646262342d373433392d396164302d386433313764393935336534222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646262342d373433392d396164302d386433313764393935336534222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3330303936315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(63, 0, '2026-11-27 07:33:57.308049+00', '01a21bec-dbbb-7fc9-ab20-4cb1f1fd8b36', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dbbb-73ea-8ebc-d33f9f708795', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3330373532335a222c22696e766f6963654964223a2230316132316265632d646262622d373365612d386562632d643333663966373038373935222c227465726d73223a7b22616d6f756e74223a343530302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343530302c227265666572656e6365223a22504f2d313232222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646262622d373335372d623265652d393031376531623265353263222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646262622d373335372d623265652d393031376531623265353263222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3330373532335a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(64, 1, '2026-11-27 07:33:57.313593+00', '01a21bec-dbc1-711d-9c7a-65df925c4e0c', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbbb-73ea-8ebc-d33f9f708795', 'invoices.invoice.revised.v1', '\x7b22696e766f6963654964223a2230316132316265632d646262622d373365612d386562632d643333663966373038373935222c22726576697365644174223a22323032362d31312d32375430373a33333a35372e3331323434325a222c227465726d73223a7b22616d6f756e74223a343630302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343630302c227265666572656e6365223a22504f2d313232222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646263302d376564322d623730332d306165643238333632396137222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646263302d376564322d623730332d306165643238333632396137222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3331323434325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(65, 2, '2026-11-27 07:33:57.320337+00', '01a21bec-dbc7-78f8-a8c4-bb7fdef752b2', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbbb-73ea-8ebc-d33f9f708795', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646262622d373365612d386562632d643333663966373038373935222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3331383935355a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31372c22636175736174696f6e4964223a2230316132316265632d646263362d373130612d623138642d346334346263383135343731222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646263362d373130612d623138642d346334346263383135343731222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3331383935355a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(66, 0, '2026-11-27 07:33:57.326425+00', '01a21bec-dbcd-7caa-a640-0a31318377c6', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dbcd-7faf-95ec-27cbdfd92c41', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3332353931385a222c22696e766f6963654964223a2230316132316265632d646263642d376661662d393565632d323763626466643932633431222c227465726d73223a7b22616d6f756e74223a313030322c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c226c696e6573223a5b5d2c226e6574416d6f756e74223a313030322c227265666572656e6365223a22504f2d313233222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646263642d373939322d623238622d336431363338396637633566222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646263642d373939322d623238622d336431363338396637633566222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3332353931385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(67, 0, '2026-11-27 07:33:57.331502+00', '01a21bec-dbd2-7ec2-b18d-82acd23603de', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dbd2-7482-b856-7afffcf6e651', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3333303831365a222c22696e766f6963654964223a2230316132316265632d646264322d373438322d623835362d376166666663663665363531222c227465726d73223a7b22616d6f756e74223a3131313735352c2263757272656e6379223a22434846222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c2264756544617465223a22323032362d31322d3234222c226c696e6573223a5b7b226465736372697074696f6e223a22436f6e73756c74696e67222c226e6574416d6f756e74223a39303030302c227175616e74697479223a22372e35222c22746178416d6f756e74223a31373130302c2274617852617465223a313930302c22756e69745072696365223a31323030307d2c7b226465736372697074696f6e223a2254726176656c222c226e6574416d6f756e74223a343335302c227175616e74697479223a2231222c22746178416d6f756e74223a3330352c2274617852617465223a3730302c22756e69745072696365223a343335307d5d2c226e6574416d6f756e74223a39343335302c227265666572656e6365223a22504f2d313234222c22726f756e64696e6752756c65223a226c696e652d68616c662d75702e7631222c22746178416d6f756e74223a31373430357d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646264322d376663302d393231372d643138323165626535356538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646264322d376663302d393231372d643138323165626535356538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3333303831365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(68, 0, '2026-11-27 07:33:57.339409+00', '01a21bec-dbda-71df-8335-0e9be2e83a48', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dbda-7938-9af6-199d98cd506b', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3333383431305a222c22696e766f6963654964223a2230316132316265632d646264612d373933382d396166362d313939643938636435303662222c227465726d73223a7b22616d6f756e74223a323030322c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c2264756544617465223a22323032362d31302d3031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a323030322c227265666572656e6365223a22504f2d313235222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646264612d376165392d393836372d396535356466636561323131222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646264612d376165392d393836372d396535356466636561323131222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3333383431305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(69, 1, '2026-11-27 07:33:57.339409+00', '01a21bec-dbda-72cd-8ffd-1326e1cac76a', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbda-7938-9af6-199d98cd506b', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646264612d373933382d396166362d313939643938636435303662222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3333383431305a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31382c22636175736174696f6e4964223a2230316132316265632d646264612d376165392d393836372d396535356466636561323131222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646264612d376165392d393836372d396535356466636561323131222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3333383431305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL);
INSERT INTO event_store.events VALUES
	(70, 0, '2026-11-27 07:33:57.347598+00', '01a21bec-dbe2-7e2e-aa78-a8ec90468f8f', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dbe2-7ea0-91f2-e0188950f926', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3334363836315a222c22696e766f6963654964223a2230316132316265632d646265322d376561302d393166322d653031383839353066393236222c227465726d73223a7b22616d6f756e74223a3131313735352c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c2264756544617465223a22323032372d30322d3031222c226c696e6573223a5b7b226465736372697074696f6e223a22436f6e73756c74696e67222c226e6574416d6f756e74223a39303030302c227175616e74697479223a22372e35222c22746178416d6f756e74223a31373130302c2274617852617465223a313930302c22756e69745072696365223a31323030307d2c7b226465736372697074696f6e223a2254726176656c222c226e6574416d6f756e74223a343335302c227175616e74697479223a2231222c22746178416d6f756e74223a3330352c2274617852617465223a3730302c22756e69745072696365223a343335307d5d2c226e6574416d6f756e74223a39343335302c227265666572656e6365223a22504f2d313236222c22726f756e64696e6752756c65223a226c696e652d68616c662d75702e7631222c22746178416d6f756e74223a31373430357d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646265322d373539362d623136642d386239396132343262613861222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646265322d373539362d623136642d386239396132343262613861222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3334363836315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(71, 1, '2026-11-27 07:33:57.347598+00', '01a21bec-dbe3-7689-8a13-3df8f9d771e0', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbe2-7ea0-91f2-e0188950f926', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646265322d376561302d393166322d653031383839353066393236222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3334363836315a222c22736572696573223a2253484f5031222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a322c22636175736174696f6e4964223a2230316132316265632d646265322d373539362d623136642d386239396132343262613861222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646265322d373539362d623136642d386239396132343262613861222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3334363836315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(72, 0, '2026-11-27 07:33:57.353356+00', '01a21bec-dbe8-7f97-aeea-e5eb6264f8d8', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dbe8-7ac8-8b60-a147c6eb800b', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3335323833345a222c22696e766f6963654964223a2230316132316265632d646265382d376163382d386236302d613134376336656238303062222c227465726d73223a7b22616d6f756e74223a333030302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c226c696e6573223a5b5d2c226e6574416d6f756e74223a333030302c227265666572656e6365223a22504f2d313237222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646265382d373862342d383763622d316639363862336435303966222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646265382d373862342d383763622d316639363862336435303966222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3335323833345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(73, 1, '2026-11-27 07:33:57.353356+00', '01a21bec-dbe8-7e1b-a22e-75af607a7b09', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbe8-7ac8-8b60-a147c6eb800b', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646265382d376163382d386236302d613134376336656238303062222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3335323833345a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a31392c22636175736174696f6e4964223a2230316132316265632d646265382d373862342d383763622d316639363862336435303966222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646265382d373862342d383763622d316639363862336435303966222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3335323833345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(74, 2, '2026-11-27 07:33:57.359487+00', '01a21bec-dbef-75ea-ad9a-6cd86cb92db4', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbe8-7ac8-8b60-a147c6eb800b', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a333030302c22696e766f6963654964223a2230316132316265632d646265382d376163382d386236302d613134376336656238303062222c22706169644174223a22323032362d31312d32375430373a33333a35372e3335383236385a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646265652d376531302d613764332d333565383139343661666161222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646265652d376531302d613764332d333565383139343661666161222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3335383236385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(75, 0, '2026-11-27 07:33:57.364991+00', '01a21bec-dbf4-75fb-bb46-15e258265e39', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dbf4-7082-8fe4-464ca72347e1', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3336343435365a222c22696e766f6963654964223a2230316132316265632d646266342d373038322d386665342d343634636137323334376531222c227465726d73223a7b22616d6f756e74223a343030302c2263757272656e6379223a22555344222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343030302c227265666572656e6365223a22504f2d313238222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646266342d373862632d626665382d633339653635646164353763222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646266342d373862632d626665382d633339653635646164353763222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3336343435365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(76, 1, '2026-11-27 07:33:57.364991+00', '01a21bec-dbf4-7ced-a348-b385c5578615', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbf4-7082-8fe4-464ca72347e1', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646266342d373038322d386665342d343634636137323334376531222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3336343435365a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32302c22636175736174696f6e4964223a2230316132316265632d646266342d373862632d626665382d633339653635646164353763222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646266342d373862632d626665382d633339653635646164353763222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3336343435365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(77, 2, '2026-11-27 07:33:57.371242+00', '01a21bec-dbfa-7c33-b8ea-56e1a56ea9e1', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dbf4-7082-8fe4-464ca72347e1', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a313530302c22696e766f6963654964223a2230316132316265632d646266342d373038322d386665342d343634636137323334376531222c226d6574686f64223a2263617264222c22706169644174223a22323032362d31312d32375430373a33333a35372e3337303037385a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646266392d373265622d626164612d396161636535326531663030222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646266392d373265622d626164612d396161636535326531663030222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3337303037385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(78, 0, '2026-11-27 07:33:57.377463+00', '01a21bec-dc00-7d6a-b1b4-b1b29586c36a', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc00-7af5-b3a4-01771774fdf1', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3337363836315a222c22696e766f6963654964223a2230316132316265632d646330302d376166352d623361342d303137373137373466646631222c227465726d73223a7b22616d6f756e74223a343130302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343130302c227265666572656e6365223a22504f2d313239222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646330302d373136362d396261632d373436656465663231643238222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646330302d373136362d396261632d373436656465663231643238222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3337363836315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(79, 1, '2026-11-27 07:33:57.377463+00', '01a21bec-dc01-7ad7-a8a4-5bf8b8c22a69', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc00-7af5-b3a4-01771774fdf1', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646330302d376166352d623361342d303137373137373466646631222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3337363836315a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32312c22636175736174696f6e4964223a2230316132316265632d646330302d373136362d396261632d373436656465663231643238222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646330302d373136362d396261632d373436656465663231643238222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3337363836315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(80, 2, '2026-11-27 07:33:57.383619+00', '01a21bec-dc07-7667-9e64-1be3f762cca1', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc00-7af5-b3a4-01771774fdf1', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a343130302c22696e766f6963654964223a2230316132316265632d646330302d376166352d623361342d303137373137373466646631222c22706169644174223a22323032362d31312d32375430373a33333a35372e3338323431365a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646330362d376235342d626235612d333734303765363331333931222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646330362d376235342d626235612d333734303765363331333931222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3338323431365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(81, 3, '2026-11-27 07:33:57.390192+00', '01a21bec-dc0d-7314-8dcb-3a865ab3a1b1', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc00-7af5-b3a4-01771774fdf1', 'invoices.invoice.refunded.v1', '\x7b22616d6f756e74223a3130302c22696e766f6963654964223a2230316132316265632d646330302d376166352d623361342d303137373137373466646631222c22726561736f6e223a2244616d61676564222c22726566756e6465644174223a22323032362d31312d32375430373a33333a35372e3338383931385a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646330632d373365342d383933622d313664396335313066333364222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646330632d373365342d383933622d313664396335313066333364222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3338383931385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(82, 0, '2026-11-27 07:33:57.396448+00', '01a21bec-dc13-7dfa-aa93-429e3148556a', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc13-76a1-be7a-b8c059138bf0', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3339353733345a222c22696e766f6963654964223a2230316132316265632d646331332d373661312d626537612d623863303539313338626630222c227465726d73223a7b22616d6f756e74223a343230302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343230302c227265666572656e6365223a22504f2d313330222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646331332d376239332d623963362d333739313937353037653034222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646331332d376239332d623963362d333739313937353037653034222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3339353733345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(83, 1, '2026-11-27 07:33:57.396448+00', '01a21bec-dc13-7a7a-a8e7-b98ce34d86ba', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc13-76a1-be7a-b8c059138bf0', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646331332d373661312d626537612d623863303539313338626630222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3339353733345a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32322c22636175736174696f6e4964223a2230316132316265632d646331332d376239332d623963362d333739313937353037653034222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646331332d376239332d623963362d333739313937353037653034222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3339353733345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(84, 2, '2026-11-27 07:33:57.40398+00', '01a21bec-dc1b-76dc-9c6c-8302a071f80e', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc13-76a1-be7a-b8c059138bf0', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a343230302c22696e766f6963654964223a2230316132316265632d646331332d373661312d626537612d623863303539313338626630222c22706169644174223a22323032362d31312d32375430373a33333a35372e3430323538305a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646331612d376338362d613261362d343935353733393461323333222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646331612d376338362d613261362d343935353733393461323333222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3430323538305a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(85, 3, '2026-11-27 07:33:57.410501+00', '01a21bec-dc22-7d23-9ab5-d444e53f9c05', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc13-76a1-be7a-b8c059138bf0', 'invoices.invoice.refunded.v1', '\x7b22616d6f756e74223a343230302c22696e766f6963654964223a2230316132316265632d646331332d373661312d626537612d623863303539313338626630222c22726566756e6465644174223a22323032362d31312d32375430373a33333a35372e3430393239365a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646332312d373733332d383832302d303033356666646137386365222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646332312d373733332d383832302d303033356666646137386365222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3430393239365a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(86, 0, '2026-11-27 07:33:57.417696+00', '01a21bec-dc28-7556-be85-d96a10eef179', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc28-7e5f-81fa-032dabeb760a', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3431363831345a222c22696e766f6963654964223a2230316132316265632d646332382d376535662d383166612d303332646162656237363061222c227465726d73223a7b22616d6f756e74223a343330302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303034222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343330302c227265666572656e6365223a22504f2d313331222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646332382d376362632d386165342d343165336534316261643063222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646332382d376362632d386165342d343165336534316261643063222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3431363831345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(87, 1, '2026-11-27 07:33:57.417696+00', '01a21bec-dc28-72aa-9ff5-0c8bb2327ce8', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc28-7e5f-81fa-032dabeb760a', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646332382d376535662d383166612d303332646162656237363061222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3431363831345a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32332c22636175736174696f6e4964223a2230316132316265632d646332382d376362632d386165342d343165336534316261643063222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646332382d376362632d386165342d343165336534316261643063222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3431363831345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(88, 2, '2026-11-27 07:33:57.425453+00', '01a21bec-dc30-7f71-aa55-ca66d11e03c1', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc28-7e5f-81fa-032dabeb760a', 'invoices.invoice.voided.v1', '\x7b22696e766f6963654964223a2230316132316265632d646332382d376535662d383166612d303332646162656237363061222c22726561736f6e223a2253656e74207477696365222c22766f696465644174223a22323032362d31312d32375430373a33333a35372e3432343131385a227d', '\x7b22636175736174696f6e4964223a2230316132316265632d646332662d373830642d393433362d343165386463373738663035222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646332662d373830642d393433362d343165386463373738663035222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3432343131385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(89, 0, '2026-11-27 07:33:57.431446+00', '01a21bec-dc36-7dbb-aab6-8812f9696ee8', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc36-7f35-8c9f-b9835bb161a2', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3433303930315a222c22696e766f6963654964223a2230316132316265632d646333362d376633352d386339662d623938333562623136316132222c227465726d73223a7b22616d6f756e74223a343430302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343430302c227265666572656e6365223a22504f2d313332222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646333362d373261392d616231302d303166633366356535323839222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646333362d373261392d616231302d303166633366356535323839222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3433303930315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(90, 1, '2026-11-27 07:33:57.436894+00', '01a21bec-dc3c-753b-8190-d27b5fe5abab', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc36-7f35-8c9f-b9835bb161a2', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646333362d376633352d386339662d623938333562623136316132222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3433353930345a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32342c22636175736174696f6e4964223a2230316132316265632d646333622d373432392d613061382d396535393030363361303231222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646333622d373432392d613061382d396535393030363361303231222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3433353930345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(91, 0, '2026-11-27 07:33:57.442533+00', '01a21bec-dc42-7606-84e6-1e44c472544e', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc42-7006-a674-4c3dcfff28e9', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3434323039325a222c22696e766f6963654964223a2230316132316265632d646334322d373030362d613637342d346333646366666632386539222c227465726d73223a7b22616d6f756e74223a343530302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343530302c227265666572656e6365223a22504f2d313333222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646334312d373464302d396439352d623764326638623736623765222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646334312d373464302d396439352d623764326638623736623765222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3434323039325a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(92, 1, '2026-11-27 07:33:57.448173+00', '01a21bec-dc47-7d3a-8694-a33eb6fb81c6', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc42-7006-a674-4c3dcfff28e9', 'invoices.invoice.revised.v1', '\x7b22696e766f6963654964223a2230316132316265632d646334322d373030362d613637342d346333646366666632386539222c22726576697365644174223a22323032362d31312d32375430373a33333a35372e3434363936315a222c227465726d73223a7b22616d6f756e74223a343630302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a343630302c227265666572656e6365223a22504f2d313333222c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646334362d373064322d623533372d393035303336633134663662222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646334362d373064322d623533372d393035303336633134663662222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3434363936315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(93, 2, '2026-11-27 07:33:57.454826+00', '01a21bec-dc4e-771b-b45c-1dac6b9cce2f', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc42-7006-a674-4c3dcfff28e9', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646334322d373030362d613637342d346333646366666632386539222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3435333631345a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32352c22636175736174696f6e4964223a2230316132316265632d646334642d376532382d393837622d626266316236383665646130222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646334642d376532382d393837622d626266316236383665646130222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3435333631345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(94, 0, '2026-11-27 07:33:57.461552+00', '01a21bec-dc55-7583-94c2-c78e476e4a7a', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc53-7fd4-8d11-dbcb9927a7ae', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3435393933385a222c22696e766f6963654964223a2230316132316265632d646335332d376664342d386431312d646263623939323761376165222c227465726d73223a7b22616d6f756e74223a3737372c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303031222c226c696e6573223a5b5d2c226e6574416d6f756e74223a3737372c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a22666978747572652d637265617465222c22636f6d6d616e644964223a22666978747572652d637265617465222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646335332d373436302d383061662d613365386662313334356136222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3435393933385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(95, 1, '2026-11-27 07:33:57.461552+00', '01a21bec-dc55-7915-8413-8699cc049815', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc53-7fd4-8d11-dbcb9927a7ae', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646335332d376664342d386431312d646263623939323761376165222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3435393933385a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32362c22636175736174696f6e4964223a22666978747572652d637265617465222c22636f6d6d616e644964223a22666978747572652d637265617465222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646335332d373436302d383061662d613365386662313334356136222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3435393933385a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(96, 0, '2026-11-27 07:33:57.468445+00', '01a21bec-dc5c-7c1a-b50d-b57d7005cff1', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc5b-7f36-9acd-999a36c1c47e', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3436373933395a222c22696e766f6963654964223a2230316132316265632d646335622d376633362d396163642d393939613336633163343765222c227465726d73223a7b22616d6f756e74223a3737382c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303032222c226c696e6573223a5b5d2c226e6574416d6f756e74223a3737382c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646335622d376133322d613162662d336537303663306665636133222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646335622d376133322d613162662d336537303663306665636133222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3436373933395a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(97, 1, '2026-11-27 07:33:57.468445+00', '01a21bec-dc5c-72c5-8a06-45ab1894d883', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc5b-7f36-9acd-999a36c1c47e', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646335622d376633362d396163642d393939613336633163343765222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3436373933395a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32372c22636175736174696f6e4964223a2230316132316265632d646335622d376133322d613162662d336537303663306665636133222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646335622d376133322d613162662d336537303663306665636133222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3436373933395a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(98, 2, '2026-11-27 07:33:57.475276+00', '01a21bec-dc62-7976-a0cf-9076c667b757', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc5b-7f36-9acd-999a36c1c47e', 'invoices.invoice.payment_received.v1', '\x7b22616d6f756e74223a3737382c22696e766f6963654964223a2230316132316265632d646335622d376633362d396163642d393939613336633163343765222c22706169644174223a22323032362d31312d32375430373a33333a35372e3437333930345a227d', '\x7b22636175736174696f6e4964223a22666978747572652d706179222c22636f6d6d616e644964223a22666978747572652d706179222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336312d376263392d613537362d346165363761376164383331222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3437333930345a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(99, 0, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-7553-8a13-882ce87c5d48', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-7823-ae95-dbcd76921a61', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22696e766f6963654964223a2230316132316265632d646336382d373832332d616539352d646263643736393231613631222c227465726d73223a7b22616d6f756e74223a31302c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a31302c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(100, 1, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-7aef-8caa-a3ddc8959eec', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-7823-ae95-dbcd76921a61', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646336382d373832332d616539352d646263643736393231613631222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32382c22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(101, 0, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-7056-83b9-4e32c3f5e5cd', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-7a65-a624-795289246d8a', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22696e766f6963654964223a2230316132316265632d646336382d376136352d613632342d373935323839323436643861222c227465726d73223a7b22616d6f756e74223a31312c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a31312c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(102, 1, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-73b1-be71-a946a1e8a7c3', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-7a65-a624-795289246d8a', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646336382d376136352d613632342d373935323839323436643861222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a32392c22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(103, 0, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-7110-8b34-4f9818633aa6', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-7b20-a71b-f94de45e9fd3', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22696e766f6963654964223a2230316132316265632d646336382d376232302d613731622d663934646534356539666433222c227465726d73223a7b22616d6f756e74223a31322c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a31322c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(104, 1, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-7cb8-85ad-5812f5173a3b', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-7b20-a71b-f94de45e9fd3', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646336382d376232302d613731622d663934646534356539666433222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a33302c22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(105, 0, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-7dd8-b654-26247d455a0c', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-745c-b66b-7e559ec2c359', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22696e766f6963654964223a2230316132316265632d646336382d373435632d623636622d376535353965633263333539222c227465726d73223a7b22616d6f756e74223a31332c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a31332c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(106, 1, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-7c1a-ad4f-734d472a09b4', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-745c-b66b-7e559ec2c359', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646336382d373435632d623636622d376535353965633263333539222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a33312c22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(107, 0, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-738c-b8cd-c4e0a7b73229', 2, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-7bb9-9d22-4ba3ec963576', 'invoices.invoice.created.v2', '\x7b22637265617465644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22696e766f6963654964223a2230316132316265632d646336382d376262392d396432322d346261336563393633353736222c227465726d73223a7b22616d6f756e74223a31342c2263757272656e6379223a22455552222c22637573746f6d65724964223a2230313930613665322d303030302d373030302d383030302d303030303030303030303033222c226c696e6573223a5b5d2c226e6574416d6f756e74223a31342c22746178416d6f756e74223a307d7d', '\x7b22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL),
	(108, 1, '2026-11-27 07:33:57.481797+00', '01a21bec-dc69-7c5e-92b7-249cc7670c26', 1, 'main', 'invoices.invoice.v1-main-01a21bec-dc68-7bb9-9d22-4ba3ec963576', 'invoices.invoice.issued.v1', '\x7b22696e766f6963654964223a2230316132316265632d646336382d376262392d396432322d346261336563393633353736222c226973737565644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736572696573223a22494e56222c2279656172223a323032367d', '\x7b2273657175656e63654e756d626572223a33322c22636175736174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c22636f6e74656e7454797065223a226170706c69636174696f6e2f6a736f6e222c22636f7272656c6174696f6e4964223a2230316132316265632d646336382d373731382d396462342d666133346532386330343538222c226f636375727265644174223a22323032362d31312d32375430373a33333a35372e3438303736315a222c22736f75726365223a22696e766f696365732e68747470227d', NULL);
INSERT INTO event_store.sequences VALUES
	('main', 'invoices.SHOP1-2026', 2),
	('main', 'invoices.INV-2026', 32);
INSERT INTO event_store.snapshots VALUES
	('main', 'snap.invoices.invoice.v1-main-1', 1, 0, 1, 'aad90ec7-0c59-4bf5-b08e-bba5271670d9', '\x7b7d', '\x00', '2026-11-27 07:34:08.875164+00');
INSERT INTO event_store.store VALUES
	(true, 'b5c13f40-a8e0-47d4-810b-efcdad9be49b', '2026-11-27 07:33:10.117338+00');
INSERT INTO event_store.subject_keys VALUES
	('main', 'customer-7', '6fc408bd-1448-4b74-98a7-633c13ac99b8', '\x00', '2026-11-27 07:34:08.874517+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO event_store.subscriptions OVERRIDING SYSTEM VALUE VALUES
	(1, 'main', 'mailer', NULL, 'main', NULL, NULL, NULL, 100, '00:00:30', 3, '{00:00:01}', true, 5, -1, 6, 'infinity', 0, 0, NULL, NULL);
INSERT INTO public.schema_migrations VALUES
	(1, 'events', '7526d10550f587fab295c13043e7c22a885837fcfac9d5c13be40824e3d9de4c', '2026-11-27 07:33:10.115838+00', 6),
	(2, 'append_events', 'd21c69af55cd1cd1783be75f4d1c90e4088b7efa3be9eb5f6ac6fe8a665ea598', '2026-11-27 07:33:10.122932+00', 2),
	(3, 'schema', '89896d1ebfb42150d637e394f676daff5747a9daf56b2f1a2489c04fc23487b3', '2026-11-27 07:33:10.124741+00', 11),
	(4, 'append_events', '1282a8b73ea429fe15c8adc6ea09ae205aac6558f02cd9bcc3a881191dd4d6ec', '2026-11-27 07:33:10.136614+00', 2),
	(5, 'read_events', 'c1d63bffb8c750f0a513c9742b617e8bbca33936410212bc20bf2d4b5606a2c5', '2026-11-27 07:33:10.139031+00', 4),
	(6, 'snapshots', '47ae4d96e195a20b6b7196288367fe126f39cf0d53fd6ff2a6eb14049e848962', '2026-11-27 07:33:10.143861+00', 4),
	(7, 'administration', 'e7a9be1c20acf4f8aad236f68aa067a87e5180d2c7d865d482c246eb47e695ab', '2026-11-27 07:33:10.147825+00', 3),
	(8, 'subject_keys', '13b935620c67ae7057decaefb481aa731e9032370ac2a99d3fe80e562696ad6b', '2026-11-27 07:33:10.151328+00', 5),
	(9, 'search_path', 'fe2bb961b999f2c2b3e7190c59653ac05b8b9974034af0d68d84a8358a07e531', '2026-11-27 07:33:10.15661+00', 2),
	(10, 'subscriptions', 'd36a88caff207a82769c15250a6e7e1325e8ee12be1e5862714e3c27fff710ae', '2026-11-27 07:33:10.159271+00', 13),
	(11, 'dense_filters', 'ce55f5f96559e0833af6cacfeb69f6b3d3dd09dfcb61912bea11ca61305d9ec2', '2026-11-27 07:33:10.17309+00', 1),
	(12, 'sequences_and_outcomes', 'e98faadb35ec2d32b680a7cb8aa78105ce4ae53cacfd8e4ec7c0e7cb260be692', '2026-11-27 07:33:10.174531+00', 4),
	(13, 'read_log_plans', '8a075746b7b9b3d7d589db5f8d2a1916fcdb84e07f58921b425c48609d89447a', '2026-11-27 07:33:10.179181+00', 1);
SELECT pg_catalog.setval('event_store.subscriptions_subscription_id_seq', 1, true);
ALTER TABLE ONLY event_store.archived_events
    ADD CONSTRAINT archived_events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY event_store.archived_events
    ADD CONSTRAINT archived_events_tenant_stream_revision_key UNIQUE (tenant, stream, revision);
ALTER TABLE ONLY event_store.commands
    ADD CONSTRAINT commands_pkey PRIMARY KEY (tenant, command_id);
ALTER TABLE ONLY event_store.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY event_store.events
    ADD CONSTRAINT events_tenant_stream_revision_key UNIQUE (tenant, stream, revision);
ALTER TABLE ONLY event_store.parked_messages
    ADD CONSTRAINT parked_messages_pkey PRIMARY KEY (subscription_id, "position");
ALTER TABLE ONLY event_store.redactions
    ADD CONSTRAINT redactions_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY event_store.sequences
    ADD CONSTRAINT sequences_pkey PRIMARY KEY (tenant, sequence);
ALTER TABLE ONLY event_store.snapshots
    ADD CONSTRAINT snapshots_pkey PRIMARY KEY (tenant, name);
ALTER TABLE ONLY event_store.store
    ADD CONSTRAINT store_pkey PRIMARY KEY (is_the_only_row);
ALTER TABLE ONLY event_store.subject_keys
    ADD CONSTRAINT subject_keys_key_id_key UNIQUE (key_id);
ALTER TABLE ONLY event_store.subject_keys
    ADD CONSTRAINT subject_keys_pkey PRIMARY KEY (tenant, subject);
ALTER TABLE ONLY event_store.subscription_consumers
    ADD CONSTRAINT subscription_consumers_pkey PRIMARY KEY (subscription_id, consumer);
ALTER TABLE ONLY event_store.subscription_messages
    ADD CONSTRAINT subscription_messages_pkey PRIMARY KEY (subscription_id, "position");
ALTER TABLE ONLY event_store.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (subscription_id);
ALTER TABLE ONLY event_store.subscriptions
    ADD CONSTRAINT subscriptions_tenant_name_key UNIQUE (tenant, name);
ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
CREATE INDEX archived_events_event_id_idx ON event_store.archived_events USING btree (event_id);
CREATE INDEX archived_events_split_part_type_position_idx ON event_store.archived_events USING btree (split_part(stream, '-'::text, 1), type, "position");
CREATE INDEX archived_events_tenant_position_idx ON event_store.archived_events USING btree (tenant, "position");
CREATE INDEX commands_by_time ON event_store.commands USING btree (recorded_at);
CREATE INDEX events_by_category_and_type ON event_store.events USING btree (split_part(stream, '-'::text, 1), type, "position");
CREATE INDEX events_by_id ON event_store.events USING btree (event_id);
CREATE INDEX events_by_tenant ON event_store.events USING btree (tenant, "position");
CREATE INDEX parked_messages_by_stream ON event_store.parked_messages USING btree (subscription_id, stream, "position");
CREATE INDEX returning_messages ON event_store.parked_messages USING btree (subscription_id, "position") WHERE (state = 'returns'::text);
CREATE INDEX subject_keys_with_pending_notices ON event_store.subject_keys USING btree (destroyed_at) WHERE (notice_id IS NOT NULL);
CREATE TRIGGER events_are_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON event_store.archived_events FOR EACH STATEMENT EXECUTE FUNCTION event_store.refuse_to_change_events();
CREATE TRIGGER events_are_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON event_store.events FOR EACH STATEMENT EXECUTE FUNCTION event_store.refuse_to_change_events();
ALTER TABLE ONLY event_store.parked_messages
    ADD CONSTRAINT parked_messages_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES event_store.subscriptions(subscription_id) ON DELETE CASCADE;
ALTER TABLE ONLY event_store.subscription_consumers
    ADD CONSTRAINT subscription_consumers_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES event_store.subscriptions(subscription_id) ON DELETE CASCADE;
ALTER TABLE ONLY event_store.subscription_messages
    ADD CONSTRAINT subscription_messages_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES event_store.subscriptions(subscription_id) ON DELETE CASCADE;
GRANT USAGE ON SCHEMA event_store TO event_store_service;
GRANT USAGE ON SCHEMA event_store TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.append_events(part_entries integer[], part_tenants text[], part_streams text[], part_expected bigint[], part_sizes integer[], event_parts integer[], event_ids uuid[], event_types text[], event_schema_versions integer[], event_data bytea[], event_metadata bytea[], command_entries integer[], command_ids text[], command_hashes bytea[], numbered_events integer[], event_sequences text[], command_outcomes bytea[], OUT outcomes integer[], OUT last_revisions bigint[], OUT last_positions bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.append_events(part_entries integer[], part_tenants text[], part_streams text[], part_expected bigint[], part_sizes integer[], event_parts integer[], event_ids uuid[], event_types text[], event_schema_versions integer[], event_data bytea[], event_metadata bytea[], command_entries integer[], command_ids text[], command_hashes bytea[], numbered_events integer[], event_sequences text[], command_outcomes bytea[], OUT outcomes integer[], OUT last_revisions bigint[], OUT last_positions bigint[]) TO event_store_service;
REVOKE ALL ON FUNCTION event_store.archive_events(before_position bigint, max_events bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.archive_events(before_position bigint, max_events bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.command_outcome(tenant text, command_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.command_outcome(tenant text, command_id text) TO event_store_service;
GRANT ALL ON FUNCTION event_store.command_outcome(tenant text, command_id text) TO event_store_administrator;
GRANT SELECT ON TABLE event_store.snapshots TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.delete_snapshot(tenant text, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.delete_snapshot(tenant text, name text) TO event_store_service;
REVOKE ALL ON FUNCTION event_store.destroy_subject_key(tenant text, subject text, reason text, actor text, destroyed_at timestamp with time zone, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.destroy_subject_key(tenant text, subject text, reason text, actor text, destroyed_at timestamp with time zone, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea) TO event_store_administrator;
GRANT SELECT ON TABLE event_store.subscriptions TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.draw_subscription_messages(s event_store.subscriptions) FROM PUBLIC;
REVOKE ALL ON FUNCTION event_store.event_types() FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.event_types() TO event_store_service;
GRANT ALL ON FUNCTION event_store.event_types() TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.exchange_subscription_messages(tenant text, name text, consumer text, max_messages bigint, done_positions bigint[], done_numbers bigint[], failed_positions bigint[], failed_numbers bigint[], verdicts text[], delays_ms bigint[], reasons text[], holding_positions bigint[], holding_numbers bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.exchange_subscription_messages(tenant text, name text, consumer text, max_messages bigint, done_positions bigint[], done_numbers bigint[], failed_positions bigint[], failed_numbers bigint[], verdicts text[], delays_ms bigint[], reasons text[], holding_positions bigint[], holding_numbers bigint[]) TO event_store_service;
REVOKE ALL ON FUNCTION event_store.fail_subscription_messages(s event_store.subscriptions, positions bigint[], verdicts text[], delays_ms bigint[], reasons text[], moment timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION event_store.head() FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.head() TO event_store_service;
GRANT ALL ON FUNCTION event_store.head() TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.incarnation() FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.incarnation() TO event_store_service;
GRANT ALL ON FUNCTION event_store.incarnation() TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.latest_snapshot(tenant text, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.latest_snapshot(tenant text, name text) TO event_store_service;
REVOKE ALL ON FUNCTION event_store.lock_subscription(tenant text, name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION event_store.numbered_metadata(metadata bytea, number bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION event_store.parked_subscription_messages(tenant text, name text, after_position bigint, max_messages bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.parked_subscription_messages(tenant text, name text, after_position bigint, max_messages bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.pending_subject_notices(max_notices bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.pending_subject_notices(max_notices bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.position_at(moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.position_at(moment timestamp with time zone) TO event_store_service;
GRANT ALL ON FUNCTION event_store.position_at(moment timestamp with time zone) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.purge_commands(before timestamp with time zone, max_commands bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.purge_commands(before timestamp with time zone, max_commands bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.read_log(after_position bigint, backwards boolean, max_events bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.read_log(after_position bigint, backwards boolean, max_events bigint) TO event_store_service;
GRANT ALL ON FUNCTION event_store.read_log(after_position bigint, backwards boolean, max_events bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.read_log_matching(after_position bigint, backwards boolean, max_events bigint, of_tenant text, categories text[], types text[], type_prefixes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.read_log_matching(after_position bigint, backwards boolean, max_events bigint, of_tenant text, categories text[], types text[], type_prefixes text[]) TO event_store_service;
GRANT ALL ON FUNCTION event_store.read_log_matching(after_position bigint, backwards boolean, max_events bigint, of_tenant text, categories text[], types text[], type_prefixes text[]) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.read_stream_backwards(tenant text, stream text, first_revision bigint, max_events bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.read_stream_backwards(tenant text, stream text, first_revision bigint, max_events bigint) TO event_store_service;
GRANT ALL ON FUNCTION event_store.read_stream_backwards(tenant text, stream text, first_revision bigint, max_events bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.read_streams(tenants text[], streams text[], first_revisions bigint[], max_events bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.read_streams(tenants text[], streams text[], first_revisions bigint[], max_events bigint[]) TO event_store_service;
GRANT ALL ON FUNCTION event_store.read_streams(tenants text[], streams text[], first_revisions bigint[], max_events bigint[]) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.readable(document jsonb, of_tenant text) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.readable(document jsonb, of_tenant text) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.redact_event(tenant text, stream text, revision bigint, reason text, actor text, notice_stream text, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.redact_event(tenant text, stream text, revision bigint, reason text, actor text, notice_stream text, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.refuse_to_change_events() FROM PUBLIC;
REVOKE ALL ON FUNCTION event_store.register_subscription(tenant text, name text, start_position bigint, stream text, of_tenant text, categories text[], types text[], type_prefixes text[], buffer_size bigint, message_timeout_ms bigint, max_attempts integer, retry_delays_ms bigint[], holds_back boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.register_subscription(tenant text, name text, start_position bigint, stream text, of_tenant text, categories text[], types text[], type_prefixes text[], buffer_size bigint, message_timeout_ms bigint, max_attempts integer, retry_delays_ms bigint[], holds_back boolean) TO event_store_service;
REVOKE ALL ON FUNCTION event_store.remove_subscription(tenant text, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.remove_subscription(tenant text, name text) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.replay_parked_messages(tenant text, name text, of_stream text, of_position bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.replay_parked_messages(tenant text, name text, of_stream text, of_position bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.restore_stream(tenant text, stream text) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.restore_stream(tenant text, stream text) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.return_unblocked_messages(id integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION event_store.save_snapshot(tenant text, name text, schema_version integer, revision bigint, "position" bigint, event_id uuid, state bytea, checksum bytea, taken_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.save_snapshot(tenant text, name text, schema_version integer, revision bigint, "position" bigint, event_id uuid, state bytea, checksum bytea, taken_at timestamp with time zone) TO event_store_service;
REVOKE ALL ON FUNCTION event_store.skip_parked_messages(tenant text, name text, of_stream text, of_position bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.skip_parked_messages(tenant text, name text, of_stream text, of_position bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.stop_subscription(tenant text, name text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.stop_subscription(tenant text, name text, reason text) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.subject_key(tenant text, subject text, candidate_id uuid, candidate bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.subject_key(tenant text, subject text, candidate_id uuid, candidate bytea) TO event_store_service;
REVOKE ALL ON FUNCTION event_store.subject_keys_by_id(tenants text[], key_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.subject_keys_by_id(tenants text[], key_ids uuid[]) TO event_store_service;
REVOKE ALL ON FUNCTION event_store.subject_notice_appended(tenant text, subject text, "position" bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.subject_notice_appended(tenant text, subject text, "position" bigint) TO event_store_administrator;
REVOKE ALL ON FUNCTION event_store.subscription_info(tenant text, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION event_store.subscription_info(tenant text, name text) TO event_store_administrator;
GRANT SELECT ON TABLE event_store.all_events TO event_store_administrator;
GRANT SELECT ON TABLE event_store.events_json TO event_store_administrator;
GRANT SELECT ON TABLE event_store.parked_messages TO event_store_administrator;
GRANT SELECT ON TABLE event_store.redactions TO event_store_administrator;
GRANT SELECT ON TABLE event_store.sequences TO event_store_administrator;
GRANT SELECT ON TABLE event_store.subscription_consumers TO event_store_administrator;
GRANT SELECT ON TABLE event_store.subscription_messages TO event_store_administrator;
