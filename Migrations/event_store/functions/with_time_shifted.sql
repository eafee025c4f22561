-- An event's metadata with another time of occurrence, to the microsecond.
drop function if exists event_store.with_time_shifted;
create function event_store.with_time_shifted(metadata bytea, shift interval) returns bytea
language sql stable set search_path = pg_catalog as $$
    select convert_to(
        jsonb_set(m.document, '{occurredAt}', to_jsonb(to_char(
            ((m.document ->> 'occurredAt')::timestamptz + shift) at time zone 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::text, 'UTF8')
    from (select convert_from(metadata, 'UTF8')::jsonb as document) m
$$;

revoke all on function event_store.with_time_shifted from public;
