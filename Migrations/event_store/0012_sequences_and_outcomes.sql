-- Events are numbered in gapless sequences, and a command's outcome has room for what the caller wants to be told
-- again.

-- The last number of each sequence. Changed by append_events only, under the lock of the appends: whoever reads the log
-- up to a position has all numbers that were given up to there.
create table event_store.sequences (
    tenant text collate "C" not null,
    sequence text collate "C" not null,
    last_number bigint not null,
    primary key (tenant, sequence)
) with (fillfactor = 50);  -- room for the next version of a row beside it
grant select on event_store.sequences to event_store_administrator;

-- What the caller gave with its command: any bytes, null for none.
alter table event_store.commands add column outcome bytea;

-- A JSON object with the number as its first member.
create function event_store.numbered_metadata(metadata bytea, number bigint) returns bytea
language sql immutable set search_path = pg_catalog
return overlay(metadata placing
    convert_to(
        format('{"sequenceNumber":%s%s', number,
               case when get_byte(ltrim(substr(metadata, 2), '\x20090a0d'), 0) = ascii('}') then '' else ',' end), 'UTF8')
    from 1 for 1);
revoke all on function event_store.numbered_metadata from public;

drop function event_store.append_events;

-- The only way by which events come into the log.
--
-- A call appends a batch of entries. An entry is accepted or refused as a whole and on its own: a refused one leaves
-- its neighbours alone. An entry has parts, one for each stream that it writes, or that it only asserts (size 0). No
-- stream and no command id stands twice in a batch.
--
-- Order: the lock is taken by a statement of its own, before the head of the log is read by the next one, and is held
-- to the end of the transaction. Called without a surrounding transaction, that end is the end of the call. So
-- positions are given in the order of the commits, without gaps, and no client can stall in between.
--
-- part_entries: the entry of each part, 1, 2, 3 ... without gaps. part_sizes: how many events each part has; the events
-- follow in the order of the parts, and event_parts says the same from their side.
-- part_expected: -1 no stream, -2 any, -4 an existing stream, otherwise the stream's last revision.
--
-- numbered_events: which events have a sequence, by their places in the batch, in their order; event_sequences: which
-- one. The function writes the number into the event's metadata, a JSON object.
-- command_outcomes: what is kept with each command; null, or no element, for nothing.
--
-- Answers with arrays of an element for each part. outcomes, of the whole entry:
--   0 appended: the last revision of the stream (-1: it has no event), the position of the entry's last event
--   1 wrong expected revision: the last revision is the actual one
--   2 these events were appended before: the last revision and position of then
--   3 some of the events were appended before, others not: nothing is written
--   4 the command was handled before; its outcome stands in commands
--   5 the command's id was used for another request
create function event_store.append_events(
    part_entries integer[], part_tenants text[], part_streams text[], part_expected bigint[], part_sizes integer[],
    event_parts integer[], event_ids uuid[], event_types text[], event_schema_versions integer[],
    event_data bytea[], event_metadata bytea[],
    command_entries integer[], command_ids text[], command_hashes bytea[],
    numbered_events integer[] default '{}', event_sequences text[] default '{}', command_outcomes bytea[] default '{}',
    out outcomes integer[], out last_revisions bigint[], out last_positions bigint[])
language plpgsql security definer
-- Plans made for any size of the table, once a session: they must not change when the table grows quickly.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set search_path = pg_catalog
as $$
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

revoke all on function event_store.append_events from public;
grant execute on function event_store.append_events to event_store_service;

-- What became of a command; no row for a command that the store does not know.
drop function event_store.command_outcome;
create function event_store.command_outcome(tenant text, command_id text)
returns table (request_hash bytea, streams text[], revisions bigint[], "position" bigint, outcome bytea)
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return query
    select c.request_hash, c.streams, c.revisions, c.position, c.outcome from event_store.commands c
    where c.tenant = command_outcome.tenant and c.command_id = command_outcome.command_id;
end $$;
revoke all on function event_store.command_outcome from public;
grant execute on function event_store.command_outcome to event_store_service, event_store_administrator;
