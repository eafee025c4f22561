-- The event store gets a schema of its own, the roles that may use it, and the tables and indexes for what follows.

-- Roles belong to the whole cluster: several event stores of one cluster share them.
--   event_store_service        appends and reads, through functions only: it can name no table.
--   event_store_administrator  also redacts, archives, forgets and purges, and may look at the views.
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

drop view events_json;
drop function append_events;
alter table store set schema event_store;
alter table events set schema event_store;
alter function refuse_to_change_events set schema event_store;

-- Names are ASCII and compared byte by byte, whatever language the database speaks. A stream says whose it is: no event
-- can get into the stream of another tenant.
alter table event_store.events
    alter tenant type text collate "C", alter stream type text collate "C", alter type type text collate "C",
    add column redacted_at timestamptz,
    add constraint stream_of_its_tenant check (split_part(stream, '-', 2) = tenant);

-- An event id is unique in its stream; append_events sees to that under its lock, so the index can be a narrow one.
drop index event_store.events_by_id;
create index events_by_id on event_store.events (event_id);
create index events_by_tenant on event_store.events (tenant, position);
create index events_by_category_and_type on event_store.events (split_part(stream, '-', 1), type, position);

-- Events that were moved out of the way; every read still finds them.
create table event_store.archived_events (like event_store.events including all);
create trigger events_are_immutable before update or delete or truncate on event_store.archived_events
    for each statement execute function event_store.refuse_to_change_events();

-- The outcome of every append that carried a command id, written by the append itself.
create table event_store.commands (
    tenant text collate "C" not null,
    command_id text collate "C" not null,
    request_hash bytea not null,            -- tells the same request from another one under the same id
    streams text[] not null,                -- those that were written or asserted, and
    revisions bigint[] not null,            -- their last revisions; -1: no event
    position bigint not null,               -- up to where a reader has to have come to see the outcome
    recorded_at timestamptz not null,
    primary key (tenant, command_id)
);
create index commands_by_time on event_store.commands (recorded_at);
