-- The log: the events of all tenants and streams, in the order of their commits.

create table store (
    is_the_only_row boolean primary key default true check (is_the_only_row),
    -- Changes when the log is replaced by another one, so that readers notice.
    incarnation uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp()
);
insert into store default values;

-- data and metadata are the exact bytes that were appended; the view events_json shows them to people.
create table events (
    position bigint primary key,            -- 1 for the first, without gaps, in commit order
    revision bigint not null,               -- 0 for the first of its stream, without gaps
    recorded_at timestamptz not null,       -- never earlier than that of the position before
    event_id uuid not null,
    schema_version integer not null,
    tenant text not null,
    stream text not null,
    type text not null,
    data bytea not null,
    metadata bytea not null,
    unique (tenant, stream, revision)
);
create unique index events_by_id on events (event_id, tenant, stream);

create function refuse_to_change_events() returns trigger language plpgsql as $$
begin
    raise exception 'events are immutable: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$;

create trigger events_are_immutable before update or delete or truncate on events
    for each statement execute function refuse_to_change_events();

create view events_json as
select position, tenant, stream, revision, event_id, type, schema_version, recorded_at,
       convert_from(data, 'UTF8')::jsonb as data,
       convert_from(metadata, 'UTF8')::jsonb as metadata
from events;
