-- The only way by which events get into the log.
--
-- A call appends a batch of entries. Each entry is accepted or refused as a whole, independently of the others. An
-- entry has parts, one for each stream that it writes or only asserts. No stream and no command id occurs twice in a
-- batch. An entry may have a condition, a query that must not select an event after a position.
--
-- Order: one statement takes the lock, the next reads the head of the log. The lock is held to the end of the
-- transaction, which is the end of the call when the caller has not begun one. So positions follow the order of the
-- commits, without gaps, and no client can stall in between.
--
-- Arguments with an element for each part:
--   part_entries      the entry of the part: 1, 2, 3 ... without gaps
--   part_streams      the stream; its second component is the tenant
--   part_expected     -1 no stream, -2 any, -4 an existing stream, otherwise the last revision of the stream
--   part_offsets      how many events of the batch precede those of the part
-- Those of the commands are '{}' when no entry has one; otherwise null except for the first part of an entry with one:
--   command_ids, command_hashes, and command_outcomes, which are stored with the commands
-- With an element for each event, in the order of the parts:
--   event_parts, event_ids, event_types, event_schema_versions, event_data, event_metadata
--   event_sequences   the sequence that numbers the event, or null; '{}' when no event is numbered
--   event_tags        the tags of the event, separated by spaces, or null; '{}' when no event has any
-- With an element for each clause of the conditions, in the order of their entries; several values are separated by
-- spaces:
--   clause_parts      the first part of the entry
--   clause_positions  the position of the condition
--   clause_streams, clause_types, clause_tags   see selected_positions
--   clause_meets      the first parts of those entries before it that have an event which the query selects, in the first
--                     clause of the entry; otherwise null
--
-- Results with an element for each part:
--   outcomes          of the whole entry, as AppendResultCode in AppendEvents.swift:
--     0 appended
--     1 wrong expected revision
--     2 the same events were appended before
--     3 some of the events were appended before, others were not
--     4 the command was handled before; its outcome is in commands
--     5 the id of the command was used for another request
--     6 the condition of the entry is not met
--   revisions         the last revision of the stream before the call, -1 if it has none; for outcome 2 that of the
--                     last of the events
--   positions         for outcome 2 the position of the last of the events; for outcome 6 that of the first event that
--                     the condition selects, null if that is one of the batch; otherwise null. Null when all are.
-- With an element for each event:
--   numbers           the number of the event, null if it has none; null when no event is numbered
-- Of the call:
--   recorded_at       the time of the events: the clock's, which does not run backwards when it is adjusted by less than a
--                     second. Where it is set back by more, the step is noted in clock_jumps.
--   head              the position before the first one of the batch, 0 for none
--   head_event_id     the id of the event there, null for none
drop function if exists event_store.append_events;
create function event_store.append_events(
    part_entries integer[], part_streams text[], part_expected bigint[], part_offsets integer[],
    command_ids text[], command_hashes bytea[], command_outcomes bytea[],
    event_parts integer[], event_ids uuid[], event_types text[], event_schema_versions integer[],
    event_data bytea[], event_metadata bytea[], event_sequences text[],
    event_tags text[] default '{}', clause_parts integer[] default '{}', clause_positions bigint[] default '{}',
    clause_streams text[] default '{}', clause_types text[] default '{}', clause_tags text[] default '{}',
    clause_meets text[] default '{}',
    out outcomes integer[], out revisions bigint[], out positions bigint[], out numbers bigint[],
    out recorded_at timestamptz, out head bigint, out head_event_id uuid)
language plpgsql security definer
-- One plan for a session, made for tables of any size: it must stay good while they grow quickly.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog
as $$
declare
    locked text;
    single_tenant constant text := split_part(part_streams[1], '-', 2);
    single_revision bigint;
    single_number bigint;
    is_known boolean;
    known_commands integer[];               -- by part: 4, 5, or null; null when no command is known
    known_events integer[];                 -- by part: 2, 3, or null; null when no event is known
    known_revisions bigint[];               -- by part: of the last known event, with its position
    known_positions bigint[];
    conflicts bigint[];                     -- by part: the first event that a condition selects; null when there is none
    may_conflict boolean not null := false;
    meeting record;
    refused bigint[];                       -- by part: how many events up to its end are refused; null when none is
begin
    -- An assignment costs less than a statement, and leaves no snapshot that the next statement could use.
    locked := pg_advisory_xact_lock(7226481);

    -- Most conditions name tags, and no event has had the first of these since: then there is no more to be looked for.
    if cardinality(clause_parts) > 0 then
        may_conflict := exists (
            select from unnest(clause_parts, clause_positions, clause_tags) c (part, position, tags)
            where c.tags is null or exists (
                select from event_store.event_tags t
                where t.tenant = split_part(part_streams[c.part], '-', 2) and t.tag = split_part(c.tags, ' ', 1)
                  and t.position > c.position));
    end if;

    -- A single event that begins a stream, or follows in one as expected, is the most frequent call.
    if cardinality(part_entries) = 1 and cardinality(event_ids) = 1 and part_expected[1] >= -1 and not may_conflict then
        select h.position, greatest(clock_timestamp(), h.recorded_at), h.event_id,
               coalesce((
                   select e.revision from event_store.events e
                   where e.tenant = single_tenant and e.stream = part_streams[1] order by e.revision desc limit 1), -1),
               -- The order, which exists() would drop, makes it use the index of the streams whatever the estimates.
               (
                   select e.revision from event_store.archived_events e
                   where e.tenant = single_tenant and e.stream = part_streams[1] order by e.revision desc limit 1
               ) is not null
        into head, append_events.recorded_at, head_event_id, single_revision, is_known
        from event_store.events h order by h.position desc limit 1;
        if part_expected[1] >= 0 then
            is_known := exists (select from event_store.events e where e.event_id = event_ids[1])
                or exists (select from event_store.archived_events e where e.event_id = event_ids[1]);
        end if;
        if cardinality(command_ids) > 0 and not is_known then
            is_known := exists (
                select from event_store.commands c where c.tenant = single_tenant and c.command_id = command_ids[1]);
        end if;

        if single_revision = part_expected[1] and not is_known then
            if append_events.recorded_at > clock_timestamp() + interval '1 second' then
                append_events.recorded_at := event_store.note_clock_jump(head + 1, append_events.recorded_at);
            end if;
            if event_sequences[1] is not null then
                update event_store.sequences s set last_number = s.last_number + 1
                where s.tenant = single_tenant and s.sequence = event_sequences[1]
                returning s.last_number into single_number;
                if not found then
                    single_number := 1;
                    insert into event_store.sequences values (single_tenant, event_sequences[1], single_number);
                end if;
                numbers := array[single_number];
            end if;
            insert into event_store.events (
                position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata, number,
                tags)
            values (
                head + 1, single_revision + 1, append_events.recorded_at, event_ids[1], event_schema_versions[1],
                single_tenant, part_streams[1], event_types[1], event_data[1], event_metadata[1], single_number,
                event_tags[1]);
            if event_tags[1] is not null then
                insert into event_store.event_tags (tenant, tag, position)
                select single_tenant, t.tag, head + 1 from unnest(string_to_array(event_tags[1], ' ')) t (tag);
            end if;
            if cardinality(command_ids) > 0 then
                insert into event_store.commands (
                    tenant, command_id, request_hash, streams, revisions, position, recorded_at, outcome)
                values (
                    single_tenant, command_ids[1], command_hashes[1], part_streams, array[single_revision + 1],
                    head + 1, append_events.recorded_at, command_outcomes[1]);
            end if;
            outcomes := array[0];
            revisions := array[single_revision];
            return;
        end if;
    end if;

    select coalesce(h.position, 0), greatest(clock_timestamp(), h.recorded_at), h.event_id,
           array(
               select coalesce(
                   (select e.revision from event_store.events e
                    where e.tenant = split_part(p.stream, '-', 2) and e.stream = p.stream
                    order by e.revision desc limit 1),
                   case when a.has_archive then (
                       select e.revision from event_store.archived_events e
                       where e.tenant = split_part(p.stream, '-', 2) and e.stream = p.stream
                       order by e.revision desc limit 1) end, -1)
               from unnest(part_streams) p (stream))
    into head, append_events.recorded_at, head_event_id, revisions
    from (select exists (select from event_store.archived_events) as has_archive) a left join (
        select e.position, e.recorded_at, e.event_id from event_store.events e order by e.position desc limit 1
    ) h on true;

    if cardinality(command_ids) > 0 then
        select array_agg(
                   case when k.request_hash = p.request_hash then 4 when k.request_hash <> p.request_hash then 5 end
                   order by p.part)
        into known_commands
        from unnest(part_streams, command_ids, command_hashes)
            with ordinality p (stream, command_id, request_hash, part)
        left join event_store.commands k on k.tenant = split_part(p.stream, '-', 2) and k.command_id = p.command_id
        having count(k.command_id) > 0;
    end if;

    -- Only a stream that exists can hold these events already.
    if 0 <= any (revisions) then
        select array_agg(case when k.all_known then 2 when k.any_known then 3 end order by p.part),
               array_agg(k.revision order by p.part), array_agg(k.position order by p.part)
        into known_events, known_revisions, known_positions
        from unnest(part_entries) with ordinality p (entry, part)
        left join (
            select v.part, v.revision, v.position, bool_and(v.is_known) over same_entry as all_known,
                   bool_or(v.position is not null) over same_entry as any_known
            from (
                select i.part, max(k.revision) as revision, max(k.position) as position,
                       count(k.revision) = count(*) and count(distinct k.revision - i.place) = 1 as is_known
                from unnest(event_parts, event_ids) with ordinality i (part, event_id, place)
                left join lateral (
                    -- By the id, behind a fence: a plan made while a table was small would use another index.
                    select e.revision, e.position
                    from (select * from event_store.events where event_id = i.event_id offset 0) e
                    where e.stream = part_streams[i.part]
                    union all
                    select e.revision, e.position
                    from (select * from event_store.archived_events where event_id = i.event_id offset 0) e
                    where e.stream = part_streams[i.part]) k on true
                group by i.part) v
            window same_entry as (partition by part_entries[v.part])) k on k.part = p.part
        having bool_or(k.any_known);
    end if;

    if may_conflict then
        select array_agg(c.position order by p.part) into conflicts
        from unnest(part_entries) with ordinality p (entry, part)
        left join (
            select q.part, min(s.position) as position
            from unnest(clause_parts, clause_positions, clause_streams, clause_types, clause_tags)
                q (part, position, streams, types, tags)
            cross join lateral event_store.selected_positions(
                split_part(part_streams[q.part], '-', 2), string_to_array(q.streams, ' '),
                string_to_array(q.types, ' '), string_to_array(q.tags, ' '), q.position, 1) s
            group by q.part) c on c.part = p.part
        having count(c.position) > 0;
    end if;

    if revisions = part_expected and known_commands is null and known_events is null and conflicts is null then
        outcomes := array_fill(0, array[cardinality(part_entries)]);
    else
        select array_agg(r.outcome order by r.part),
               array_agg(case r.outcome when 2 then coalesce(r.known_revision, r.actual) else r.actual end
                         order by r.part),
               array_agg(case r.outcome when 2 then r.known_position when 6 then r.conflict end order by r.part)
        into outcomes, revisions, positions
        from (
            select p.part, p.actual, p.known_revision, p.known_position, max(p.conflict) over same_entry as conflict,
                   coalesce(
                       max(p.known_command) over same_entry, max(p.known_event) over same_entry,
                       case when not bool_and(
                           p.expected in (p.actual, -2) or p.expected = -4 and p.actual >= 0) over same_entry
                       then 1 when max(p.conflict) over same_entry is not null then 6 else 0 end) as outcome
            from unnest(part_entries, part_expected, revisions, known_commands, known_events, known_revisions,
                        known_positions, conflicts)
                with ordinality p (entry, expected, actual, known_command, known_event, known_revision, known_position,
                                   conflict, part)
            window same_entry as (partition by p.entry)) r;
    end if;

    -- What an entry before it in the batch appends counts for a condition, too, unless that entry is itself refused: so one
    -- after the other, but only those that meet.
    if '' < any (clause_meets) then
        for meeting in
            select c.part, string_to_array(c.meets, ' ')::integer[] as parts
            from unnest(clause_parts, clause_meets) c (part, meets) where c.meets is not null order by c.part
        loop
            if outcomes[meeting.part] = 0 and exists (
                select from unnest(meeting.parts) o (part) where outcomes[o.part] = 0)
            then
                select array_agg(case p.entry when part_entries[meeting.part] then 6 else p.outcome end order by p.part)
                into outcomes
                from unnest(part_entries, outcomes) with ordinality p (entry, outcome, part);
            end if;
        end loop;
    end if;

    if 0 <> any (outcomes) then
        select array_agg(r.refused order by r.part) into refused
        from (
            select j.part, sum(case j.outcome when 0 then 0 else j.size end) over (order by j.part) as refused
            from (
                select p.part, p.outcome,
                       coalesce(lead(p.offset) over (order by p.part), cardinality(event_ids)) - p.offset as size
                from unnest(part_offsets, outcomes) with ordinality p ("offset", outcome, part)) j) r;
    end if;

    -- Only what is written takes numbers, and a rollback gives them back.
    if cardinality(event_sequences) > 0 then
        with counted as (
            insert into event_store.sequences as s (tenant, sequence, last_number)
            select split_part(part_streams[v.part], '-', 2), v.sequence, count(*)
            from unnest(event_parts, event_sequences) v (part, sequence)
            where v.sequence is not null and outcomes[v.part] = 0
            group by 1, 2
            on conflict (tenant, sequence) do update set last_number = s.last_number + excluded.last_number
            returning s.tenant, s.sequence, s.last_number
        )
        select array_agg(n.number order by n.place) into numbers
        from (
            select v.place, c.last_number + 1 - row_number() over (
                       partition by c.tenant, c.sequence order by v.place desc) as number
            from unnest(event_parts, event_sequences) with ordinality v (part, sequence, place)
            left join counted c
                on c.tenant = split_part(part_streams[v.part], '-', 2) and c.sequence = v.sequence
                and outcomes[v.part] = 0) n;
    end if;

    if append_events.recorded_at > clock_timestamp() + interval '1 second' and 0 = any (outcomes) then
        append_events.recorded_at := event_store.note_clock_jump(head + 1, append_events.recorded_at);
    end if;
    insert into event_store.events (
        position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata, number, tags)
    select head + v.place - coalesce(refused[v.part], 0), revisions[v.part] + v.place - part_offsets[v.part],
           append_events.recorded_at, v.event_id, v.schema_version, split_part(part_streams[v.part], '-', 2),
           part_streams[v.part], v.type, v.data, v.metadata, v.number, v.tags
    from unnest(event_parts, event_ids, event_types, event_schema_versions, event_data, event_metadata, numbers,
                event_tags)
        with ordinality v (part, event_id, type, schema_version, data, metadata, number, tags, place)
    where outcomes[v.part] = 0;
    if cardinality(event_tags) > 0 then
        insert into event_store.event_tags (tenant, tag, position)
        select split_part(part_streams[v.part], '-', 2), t.tag, head + v.place - coalesce(refused[v.part], 0)
        from unnest(event_parts, event_tags) with ordinality v (part, tags, place)
        cross join lateral unnest(string_to_array(v.tags, ' ')) t (tag)
        where outcomes[v.part] = 0;
    end if;

    if cardinality(command_ids) > 0 then
        insert into event_store.commands (
            tenant, command_id, request_hash, streams, revisions, position, recorded_at, outcome)
        select split_part(c.stream, '-', 2), c.command_id, c.request_hash, e.streams, e.revisions, e.position,
               append_events.recorded_at, c.outcome
        from unnest(part_entries, part_streams, command_ids, command_hashes, command_outcomes)
            c (entry, stream, command_id, request_hash, outcome)
        join (
            select p.entry, array_agg(p.stream order by p.part) as streams,
                   array_agg(p.revision + p.next_offset - p.offset order by p.part) as revisions,
                   max(head + p.next_offset - coalesce(p.refused, 0)) as position
            from (
                select u.*, coalesce(lead(u.offset) over (order by u.part), cardinality(event_ids)) as next_offset
                from unnest(part_entries, part_streams, part_offsets, outcomes, append_events.revisions, refused)
                    with ordinality u (entry, stream, "offset", outcome, revision, refused, part)) p
            where p.outcome = 0
            group by p.entry) e on e.entry = c.entry
        where c.command_id is not null;
    end if;
end $$;

revoke all on function event_store.append_events from public;
grant execute on function event_store.append_events to event_store_service;
