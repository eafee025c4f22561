-- Brings a database that has all migrations of `checksums` to the state after 0004. What it replaces or no longer needs
-- of the functions goes; functions/ makes the present ones.

alter table event_store.events add column number bigint;
alter table event_store.archived_events add column number bigint;

-- The number of an event was the first member of its metadata, which keeps its bytes.
do $$
begin
    perform set_config('event_store.administers', 'yes', true);
    update event_store.events
    set number = substring(convert_from(metadata, 'UTF8') from '^\{"sequenceNumber":([0-9]+)')::bigint
    where substr(metadata, 1, 18) = '{"sequenceNumber":';
    update event_store.archived_events
    set number = substring(convert_from(metadata, 'UTF8') from '^\{"sequenceNumber":([0-9]+)')::bigint
    where substr(metadata, 1, 18) = '{"sequenceNumber":';
    perform set_config('event_store.administers', '', true);
end $$;

create or replace view event_store.all_events as
    select * from event_store.events union all select * from event_store.archived_events;

alter table event_store.events set (
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
alter table event_store.archived_events set (
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
alter table event_store.commands set (
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);

drop function event_store.numbered_metadata;
