-- The only way by which events come into the log.
--
-- A call appends a batch of entries; an entry is the events of one append to one stream, accepted or refused as a whole
-- and on its own: a refused entry leaves its neighbours alone. A stream stands in at most one entry of a batch.
--
-- Order: the lock is taken by a statement of its own, before the head of the log is read by the next one, and is held
-- to the end of the transaction. Called without a surrounding transaction, that end is the end of the call. So positions
-- are given in the order of the commits, without gaps, and no client can stall in between.
--
-- expected: -1 no stream, -2 any, -4 an existing stream, otherwise the stream's last revision.
-- outcome:   0 appended, 1 wrong expected revision, 2 appended before (with the first outcome), 3 partly appended before.
-- last_revision, last_position: of the entry's last event; for outcome 1 the stream's actual revision (-1: no stream).
create function append_events(
    entry_tenants text[], entry_streams text[], entry_expected bigint[],
    event_entries integer[], event_ids uuid[], event_types text[], event_schema_versions integer[],
    event_data bytea[], event_metadata bytea[]
) returns table (entry integer, outcome integer, last_revision bigint, last_position bigint)
language plpgsql as $$
declare
    head bigint;
    head_recorded_at timestamptz;
    now_recorded_at timestamptz;
begin
    perform pg_advisory_xact_lock(7226481);
    select e.position, e.recorded_at into head, head_recorded_at from events e order by e.position desc limit 1;
    head := coalesce(head, 0);
    now_recorded_at := greatest(clock_timestamp(), head_recorded_at);

    return query
    with entries as materialized (
        select n.entry::integer, n.tenant, n.stream, n.expected, coalesce(
            (select e.revision from events e
             where e.tenant = n.tenant and e.stream = n.stream order by e.revision desc limit 1), -1) as actual
        from unnest(entry_tenants, entry_streams, entry_expected) with ordinality as n (tenant, stream, expected, entry)
    ),
    incoming as materialized (
        select v.place, v.entry, v.event_id, v.type, v.schema_version, v.data, v.metadata,
               known.revision as known_revision, known.position as known_position
        from unnest(event_entries, event_ids, event_types, event_schema_versions, event_data, event_metadata)
            with ordinality as v (entry, event_id, type, schema_version, data, metadata, place)
        join entries n on n.entry = v.entry
        left join lateral (
            select e.revision, e.position from events e
            where e.event_id = v.event_id and e.tenant = n.tenant and e.stream = n.stream) known on true
    ),
    judged as materialized (
        select n.entry, n.tenant, n.stream, n.actual, i.known_revision, i.known_position, case
            when i.known = i.total and i.offsets = 1 then 2
            when i.known > 0 then 3
            when n.expected = n.actual or n.expected = -2 or (n.expected = -4 and n.actual >= 0) then 0
            else 1 end as outcome
        from entries n
        join (
            select v.entry, count(*) as total, count(v.known_position) as known,
                   count(distinct v.known_revision - v.place) as offsets,
                   max(v.known_revision) as known_revision, max(v.known_position) as known_position
            from incoming v group by v.entry) i on i.entry = n.entry
    ),
    numbered as materialized (
        select i.*, j.tenant, j.stream,
               head + row_number() over (order by i.place) as position,
               j.actual + row_number() over (partition by i.entry order by i.place) as revision
        from incoming i join judged j on j.entry = i.entry
        where j.outcome = 0
    ),
    inserted as (
        insert into events (
            position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata)
        select v.position, v.revision, now_recorded_at, v.event_id, v.schema_version, v.tenant, v.stream, v.type,
               v.data, v.metadata
        from numbered v
    )
    select j.entry, j.outcome,
           case j.outcome when 0 then max(v.revision) when 2 then j.known_revision else j.actual end,
           case j.outcome when 0 then max(v.position) when 2 then j.known_position end
    from judged j left join numbered v on v.entry = j.entry
    group by j.entry, j.outcome, j.actual, j.known_revision, j.known_position
    order by j.entry;
end $$;
