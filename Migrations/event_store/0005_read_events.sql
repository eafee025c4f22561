-- How events are read. The service can name no table: whoever reads a stream says whose it is.
--
-- The functions are stable: all of their statements see the same moment, also while events move into the archive. They
-- return pages; a page is bounded, so the rows that are gathered for it are too.

-- All events, for people and for the functions below.
create view event_store.all_events as
    select * from event_store.events union all select * from event_store.archived_events;

create view event_store.events_json as
select position, tenant, stream, revision, event_id, type, schema_version, recorded_at, redacted_at,
       convert_from(data, 'UTF8')::jsonb as data,
       convert_from(metadata, 'UTF8')::jsonb as metadata
from event_store.all_events;

grant select on event_store.all_events, event_store.events_json to event_store_administrator;

-- A page of each of several streams, one stream after the other in the order of the arguments, each in the order of its
-- revisions. What a call costs is shared by all that read at the same time.
create function event_store.read_streams(
    tenants text[], streams text[], first_revisions bigint[], max_events bigint[])
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, place bigint)
language plpgsql stable security definer
-- A plan made for any number of streams, which the size of the tables does not change.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
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

-- A page of a stream, the last event first. first_revision is included; null stands for the end of the stream.
create function event_store.read_stream_backwards(tenant text, stream text, first_revision bigint, max_events bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea)
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
begin
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata
    from event_store.all_events e
    where e.tenant = read_stream_backwards.tenant and e.stream = read_stream_backwards.stream
      and e.revision <= coalesce(first_revision, 9223372036854775807)
    order by e.revision desc limit max_events;
end $$;

-- A page of the whole log, in the order of reading. after_position is excluded; null stands for the end that reading
-- starts at.
create function event_store.read_log(after_position bigint, backwards boolean, max_events bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, tenant text, stream text)
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
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

-- The categories of the store with the types of their events: a few steps in an index, however many events there are.
create function event_store.event_types() returns table (category text, type text)
language sql stable security definer set enable_seqscan = off set jit = off
begin atomic
    with recursive live as (
        (select split_part(e.stream, '-', 1) as category, e.type
         from event_store.events e order by 1, 2 limit 1)
        union all
        select n.category, n.type from live l, lateral (
            select split_part(e.stream, '-', 1) as category, e.type from event_store.events e
            where (split_part(e.stream, '-', 1), e.type) > (l.category, l.type) order by 1, 2 limit 1) n
    ),
    archived as (
        (select split_part(e.stream, '-', 1) as category, e.type
         from event_store.archived_events e order by 1, 2 limit 1)
        union all
        select n.category, n.type from archived l, lateral (
            select split_part(e.stream, '-', 1) as category, e.type from event_store.archived_events e
            where (split_part(e.stream, '-', 1), e.type) > (l.category, l.type) order by 1, 2 limit 1) n
    )
    select * from live union select * from archived;
end;

-- A page of those events of the log that pass a filter: of one tenant, in any of the categories, and of any of the types
-- or with any of the type prefixes. Null stands for no condition.
create function event_store.read_log_matching(
    after_position bigint, backwards boolean, max_events bigint,
    of_tenant text, categories text[], types text[], type_prefixes text[])
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, tenant text, stream text)
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
declare
    -- One statement for both directions and both indexes: what differs is put in here.
    columns constant text := 'e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data,
        e.metadata, e.tenant, e.stream';
    page constant text := format('e.position %s $1 order by e.position %s limit $2',
        case when backwards then '<' else '>' end, case when backwards then 'desc' end);
    wanted constant text := '($4 is null or %1$s = any ($4)) and ($5 is null and $6 is null or %2$s = any ($5)
        or exists (select from unnest($6) p (prefix) where starts_with(%2$s, p.prefix)))';
    statement text;
begin
    if of_tenant is not null then
        statement := format('select %s from event_store.all_events e where e.tenant = $3 and %s and %s', columns,
            format(wanted, 'split_part(e.stream, ''-'', 1)', 'e.type'), page);
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
    using coalesce(after_position, case when backwards then 9223372036854775807 else 0 end), max_events,
          of_tenant, categories, types, type_prefixes;
end $$;

-- The position of the last event of the log; 0 for none. The last event is never archived.
create function event_store.head() returns bigint
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
begin
    return coalesce((select e.position from event_store.events e order by e.position desc limit 1), 0);
end $$;

-- The position of the last event that was recorded at or before a time; 0 for none. Times follow the positions, and
-- these have no gaps: so it is found by halving.
create function event_store.position_at(moment timestamptz) returns bigint
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
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

-- What became of a command; no row for a command that the store does not know.
create function event_store.command_outcome(tenant text, command_id text)
returns table (request_hash bytea, streams text[], revisions bigint[], "position" bigint)
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
begin
    return query
    select c.request_hash, c.streams, c.revisions, c.position from event_store.commands c
    where c.tenant = command_outcome.tenant and c.command_id = command_outcome.command_id;
end $$;

-- Tells this log from every other one.
create function event_store.incarnation() returns uuid language sql stable security definer
begin atomic
    select incarnation from event_store.store;
end;

revoke all on all functions in schema event_store from public;
grant execute on function
    event_store.read_streams, event_store.read_stream_backwards, event_store.read_log, event_store.event_types, event_store.read_log_matching,
    event_store.head, event_store.position_at, event_store.command_outcome, event_store.incarnation
    to event_store_service, event_store_administrator;
