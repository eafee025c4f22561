-- The log: the events of all tenants and streams, in the order of their commits. The functions that read and write it
-- are in functions/, a file each; nobody but them, and the owner, may name a table.

-- Roles belong to the whole cluster: several event stores of one cluster share them.
--   event_store_service        appends and reads.
--   event_store_administrator  also redacts, archives, forgets and purges, and may look at the tables and views.
do $$
declare
    role_name text;
begin
    foreach role_name in array array['event_store_service', 'event_store_administrator'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            begin
                execute format('create role %I nologin', role_name);
            exception
                when duplicate_object or unique_violation then null;  -- another database's migration was first
                when insufficient_privilege then
                    raise exception 'role "%" is missing, and "%" may not create it', role_name, current_user
                        using errcode = 'insufficient_privilege',
                              hint = format('As a superuser: create role %I nologin; grant %1$I to %I;',
                                            role_name, current_user);
            end;
        end if;
        if not pg_has_role(current_user, role_name, 'member') then
            execute format('grant %I to %I', role_name, current_user);
        end if;
    end loop;
end $$;

create schema event_store;
revoke all on schema event_store from public;
grant usage on schema event_store to event_store_service, event_store_administrator;

create table event_store.store (
    is_the_only_row boolean primary key default true check (is_the_only_row),
    -- Changes when the log is replaced by another one, so that readers notice.
    incarnation uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp()
);
insert into event_store.store default values;

-- data and metadata are the exact bytes that were appended; the view events_json shows them to people. Names are ASCII
-- and compared byte by byte, whatever language the database speaks.
create table event_store.events (
    position bigint primary key,            -- 1 for the first, without gaps, in commit order
    revision bigint not null,               -- 0 for the first of its stream, without gaps
    recorded_at timestamptz not null,       -- never earlier than that of the position before
    event_id uuid not null,
    schema_version integer not null,
    tenant text collate "C" not null,
    stream text collate "C" not null,
    type text collate "C" not null,
    data bytea not null,
    metadata bytea not null,
    redacted_at timestamptz,
    number bigint,                          -- in the sequence that the event was appended with; null: in none
    unique (tenant, stream, revision),
    -- A stream says whose it is: no event can get into the stream of another tenant.
    constraint stream_of_its_tenant check (split_part(stream, '-', 2) = tenant)
);
-- An event id is unique in its stream; append_events sees to that under its lock, so the index can be a narrow one.
create index events_by_id on event_store.events (event_id);
create index events_by_tenant on event_store.events (tenant, position);
create index events_by_category_and_type on event_store.events (split_part(stream, '-', 1), type, position);

-- Events that were moved out of the way; every read still finds them.
create table event_store.archived_events (like event_store.events including all);

create view event_store.all_events as
    select * from event_store.events union all select * from event_store.archived_events;
grant select on event_store.all_events to event_store_administrator;

-- Every redaction, for ever.
create table event_store.redactions (
    position bigint primary key,
    reason text not null,
    actor text not null,
    redacted_at timestamptz not null
);
grant select on event_store.redactions to event_store_administrator;

-- The outcome of every append that carried a command id, written by the append itself.
create table event_store.commands (
    tenant text collate "C" not null,
    command_id text collate "C" not null,
    request_hash bytea not null,            -- tells the same request from another one under the same id
    streams text[] not null,                -- those that were written or asserted, and
    revisions bigint[] not null,            -- their last revisions; -1: no event
    position bigint not null,               -- up to where a reader has to have come to see the outcome
    recorded_at timestamptz not null,
    outcome bytea,                          -- what the caller gave with its command: any bytes
    primary key (tenant, command_id)
);
create index commands_by_time on event_store.commands (recorded_at);

-- The last number of each sequence. Changed by append_events only, under the lock of the appends: whoever reads the log
-- up to a position has all numbers that were given up to there.
create table event_store.sequences (
    tenant text collate "C" not null,
    sequence text collate "C" not null,
    last_number bigint not null,
    primary key (tenant, sequence)
) with (fillfactor = 50);                   -- room for the next version of a row beside it
grant select on event_store.sequences to event_store_administrator;

-- Tables that only grow are vacuumed and analyzed after so many rows. By default that is a share of the table: of a log
-- that grows for ever it comes ever later, while reads of what is not vacuumed yet are dearer.
alter table event_store.events set (
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
alter table event_store.archived_events set (
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
alter table event_store.commands set (
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
