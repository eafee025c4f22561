-- The number of an event becomes a column; it was a member of the metadata before, which keeps its bytes.
alter table event_store.events add column number bigint;
alter table event_store.archived_events add column number bigint;

select set_config('event_store.administers', 'yes', true);
-- The store has always written the number as the first member.
update event_store.events
set number = substring(convert_from(metadata, 'UTF8') from '^\{"sequenceNumber":([0-9]+)')::bigint
where substr(metadata, 1, 18) = '{"sequenceNumber":';
update event_store.archived_events
set number = substring(convert_from(metadata, 'UTF8') from '^\{"sequenceNumber":([0-9]+)')::bigint
where substr(metadata, 1, 18) = '{"sequenceNumber":';
select set_config('event_store.administers', '', true);

create or replace view event_store.all_events as
    select * from event_store.events union all select * from event_store.archived_events;

create or replace view event_store.events_json as
select position, tenant, stream, revision, event_id, type, schema_version, recorded_at, redacted_at,
       case when position('"$'::bytea in data) > 0
            then event_store.readable(convert_from(data, 'UTF8')::jsonb, tenant)
            else convert_from(data, 'UTF8')::jsonb end as data,
       convert_from(metadata, 'UTF8')::jsonb as metadata, number
from event_store.all_events;

drop function event_store.numbered_metadata;

-- The only way by which events get into the log.
--
-- A call appends a batch of entries. Each entry is accepted or refused as a whole, independently of the others. An
-- entry has parts, one for each stream that it writes or only asserts. No stream and no command id occurs twice in a
-- batch.
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
--
-- Results with an element for each part:
--   outcomes          of the whole entry, as AppendResultCode in AppendEvents.swift:
--     0 appended
--     1 wrong expected revision
--     2 the same events were appended before
--     3 some of the events were appended before, others were not
--     4 the command was handled before; its outcome is in commands
--     5 the id of the command was used for another request
--   revisions         the last revision of the stream before the call, -1 if it has none; for outcome 2 that of the
--                     last of the events
--   positions         for outcome 2 the position of the last of the events, otherwise null; null when no entry has it
-- With an element for each event:
--   numbers           the number of the event, null if it has none; null when no event is numbered
-- Of the call:
--   recorded_at       the time of the events
--   head              the position before the first one of the batch, 0 for none
--   head_event_id     the id of the event there, null for none
drop function if exists event_store.append_events;
create function event_store.append_events(
    part_entries integer[], part_streams text[], part_expected bigint[], part_offsets integer[],
    command_ids text[], command_hashes bytea[], command_outcomes bytea[],
    event_parts integer[], event_ids uuid[], event_types text[], event_schema_versions integer[],
    event_data bytea[], event_metadata bytea[], event_sequences text[],
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
    refused bigint[];                       -- by part: how many events up to its end are refused; null when none is
begin
    -- An assignment costs less than a statement, and leaves no snapshot that the next statement could use.
    locked := pg_advisory_xact_lock(7226481);

    -- A single event that begins a stream, or follows in one as expected, is the most frequent call.
    if cardinality(part_entries) = 1 and cardinality(event_ids) = 1 and part_expected[1] >= -1 then
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
                position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata, number)
            values (
                head + 1, single_revision + 1, append_events.recorded_at, event_ids[1], event_schema_versions[1],
                single_tenant, part_streams[1], event_types[1], event_data[1], event_metadata[1], single_number);
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

    if revisions = part_expected and known_commands is null and known_events is null then
        outcomes := array_fill(0, array[cardinality(part_entries)]);
    else
        select array_agg(r.outcome), array_agg(r.revision), array_agg(r.position), array_agg(r.refused)
        into outcomes, revisions, positions, refused
        from (
            select j.outcome,
                   case j.outcome when 2 then coalesce(j.known_revision, j.actual) else j.actual end as revision,
                   case j.outcome when 2 then j.known_position end as position,
                   sum(case j.outcome when 0 then 0 else j.size end) over (order by j.part) as refused
            from (
                select p.*, coalesce(lead(p.offset) over (order by p.part), cardinality(event_ids)) - p.offset as size,
                       coalesce(
                           max(p.known_command) over same_entry, max(p.known_event) over same_entry,
                           case when bool_and(
                               p.expected in (p.actual, -2) or p.expected = -4 and p.actual >= 0) over same_entry
                           then 0 else 1 end) as outcome
                from unnest(part_entries, part_expected, part_offsets, revisions, known_commands, known_events,
                            known_revisions, known_positions)
                    with ordinality p (entry, expected, "offset", actual, known_command, known_event, known_revision,
                                       known_position, part)
                window same_entry as (partition by p.entry)) j
            order by j.part) r;
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

    insert into event_store.events (
        position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata, number)
    select head + v.place - coalesce(refused[v.part], 0), revisions[v.part] + v.place - part_offsets[v.part],
           append_events.recorded_at, v.event_id, v.schema_version, split_part(part_streams[v.part], '-', 2),
           part_streams[v.part], v.type, v.data, v.metadata, v.number
    from unnest(event_parts, event_ids, event_types, event_schema_versions, event_data, event_metadata, numbers)
        with ordinality v (part, event_id, type, schema_version, data, metadata, number, place)
    where outcomes[v.part] = 0;

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

-- A page of each of several streams, one stream after the other in the order of the arguments, each in the order of its
-- revisions. What a call costs is shared by all that read at the same time.
drop function if exists event_store.read_streams;
create function event_store.read_streams(
    tenants text[], streams text[], first_revisions bigint[], max_events bigint[])
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint, place bigint)
language plpgsql stable security definer
-- A plan made for any number of streams, which the size of the tables does not change.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    if not exists (select from event_store.archived_events) then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
               w.place
        from unnest(tenants, streams, first_revisions, max_events)
                 with ordinality w (tenant, stream, first_revision, max_events, place)
        cross join lateral (
            select * from event_store.events a
            where a.tenant = w.tenant and a.stream = w.stream and a.revision >= w.first_revision
            order by a.revision limit w.max_events) e;
    else
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
               w.place
        from unnest(tenants, streams, first_revisions, max_events)
                 with ordinality w (tenant, stream, first_revision, max_events, place)
        cross join lateral (
            select * from event_store.all_events a
            where a.tenant = w.tenant and a.stream = w.stream and a.revision >= w.first_revision
            order by a.revision limit w.max_events) e;
    end if;
end $$;

revoke all on function event_store.read_streams from public;
grant execute on function event_store.read_streams to event_store_service, event_store_administrator;

-- A page of a stream, the last event first. first_revision is included; null stands for the end of the stream.
drop function if exists event_store.read_stream_backwards;
create function event_store.read_stream_backwards(tenant text, stream text, first_revision bigint, max_events bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint)
language plpgsql stable security definer
-- As in read_log.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number
    from event_store.all_events e
    where e.tenant = read_stream_backwards.tenant and e.stream = read_stream_backwards.stream
      and e.revision <= coalesce(first_revision, 9223372036854775807)
    order by e.revision desc limit max_events;
end $$;

revoke all on function event_store.read_stream_backwards from public;
grant execute on function event_store.read_stream_backwards to event_store_service, event_store_administrator;

-- A page of the whole log, in the order of reading. after_position is excluded; null stands for the end that reading
-- starts at.
drop function if exists event_store.read_log;
create function event_store.read_log(after_position bigint, backwards boolean, max_events bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint, tenant text, stream text)
language plpgsql stable security definer
-- There is one way to read, by the index of the positions, and it is as good for every limit: without this setting,
-- PostgreSQL plans every call, which costs three times what reading the page costs.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    if backwards then
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.number, e.tenant, e.stream
        from event_store.all_events e
        where e.position < coalesce(after_position, 9223372036854775807)
        order by e.position desc limit max_events;
    else
        return query
        select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.number, e.tenant, e.stream
        from event_store.all_events e
        where e.position > coalesce(after_position, 0)
        order by e.position limit max_events;
    end if;
end $$;

revoke all on function event_store.read_log from public;
grant execute on function event_store.read_log to event_store_service, event_store_administrator;

-- As before, but for the events of one tenant.
drop function if exists event_store.read_log_matching;
create function event_store.read_log_matching(
    after_position bigint, backwards boolean, max_events bigint,
    of_tenant text, categories text[], types text[], type_prefixes text[])
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, number bigint, tenant text, stream text)
language plpgsql stable security definer
-- Whatever the estimates: an index that has the wanted order is read, and not another one whose finds are sorted.
set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off set jit = off
set search_path = pg_catalog as $$
declare
    -- One statement for both directions and all indexes: what differs is put in here.
    columns constant text := 'e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data,
        e.metadata, e.number, e.tenant, e.stream';
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
end $$;

revoke all on function event_store.read_log_matching from public;
grant execute on function event_store.read_log_matching to event_store_service, event_store_administrator;

-- Replaces the data of one event; the event and its place remain. Tells the readers with an event of its own, in the same
-- transaction. Answers with the position of the notice; for an event that was redacted before, nothing changes and the
-- answer is null. Raises no_data_found when there is no such event.
drop function if exists event_store.redact_event;
create function event_store.redact_event(
    tenant text, stream text, revision bigint, reason text, actor text,
    notice_stream text, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea)
returns bigint language plpgsql security definer set enable_seqscan = off set jit = off
set search_path = pg_catalog as $$
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
        select a.head + 1 from event_store.append_events(
            part_entries => array[1], part_streams => array[notice_stream], part_expected => array[-2],
            part_offsets => array[0], command_ids => '{}', command_hashes => '{}', command_outcomes => '{}',
            event_parts => array[1], event_ids => array[notice_id], event_types => array[notice_type],
            event_schema_versions => array[1], event_data => array[notice_data],
            event_metadata => array[notice_metadata], event_sequences => '{}') a);
end $$;

revoke all on function event_store.redact_event from public;
grant execute on function event_store.redact_event to event_store_administrator;

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
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
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
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
           e.tenant, e.stream, s.exchanges + 1, h.failures + 1, null::bigint[], null::bigint[], null::text
    from unnest(handed, failures) with ordinality h (position, failures, place), lateral (
        select * from event_store.all_events e where e.position = h.position) e
    order by h.place;
end $$;

revoke all on function event_store.exchange_subscription_messages from public;
grant execute on function event_store.exchange_subscription_messages to event_store_service;

-- A page of the messages that are parked or wait behind such, in the order of their positions.
drop function if exists event_store.parked_subscription_messages;
create function event_store.parked_subscription_messages(
    tenant text, name text, after_position bigint, max_messages bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, event_number bigint, of_tenant text, stream text, state text, attempts integer,
    reason text, parked_at timestamptz)
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
           e.tenant, e.stream, p.state, p.attempts, p.reason, p.parked_at
    from event_store.subscriptions s
    join event_store.parked_messages p on p.subscription_id = s.subscription_id,
    lateral (select * from event_store.all_events e where e.position = p.position) e
    where s.tenant = parked_subscription_messages.tenant and s.name = parked_subscription_messages.name
      and p.position > after_position
    order by p.position limit max_messages;
end $$;

revoke all on function event_store.parked_subscription_messages from public;
grant execute on function event_store.parked_subscription_messages to event_store_administrator;
