-- Tags of events, and an index of them by position: a query finds events of whatever stream by them, and an append can be
-- made on the condition that none has come since. Events without tags take no space here.

alter table event_store.events
    add column tags text collate "C";       -- separated by spaces; null: none
alter table event_store.archived_events
    add column tags text collate "C";
create or replace view event_store.all_events as
    select * from event_store.events union all select * from event_store.archived_events;

-- Of all events with tags, archived or not. A redacted event has no tags.
create table event_store.event_tags (
    tenant text collate "C" not null,
    tag text collate "C" not null,
    position bigint not null,
    primary key (tenant, tag, position)
);
grant select on event_store.event_tags to event_store_administrator;

alter table event_store.event_tags set (
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
