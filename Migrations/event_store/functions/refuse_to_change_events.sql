-- Keeps events as they are. The functions of the administrator open the door for the rest of their transaction;
-- privileges keep everybody else from it.
create or replace function event_store.refuse_to_change_events() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
    if current_setting('event_store.administers', true) = 'yes' then
        return null;
    end if;
    raise exception 'events are immutable: % is refused', tg_op using errcode = 'insufficient_privilege',
        hint = 'Use redact_event, archive_events, restore_stream or correct_times.';
end $$;

revoke all on function event_store.refuse_to_change_events from public;

create or replace trigger events_are_immutable before update or delete or truncate on event_store.events
    for each statement execute function event_store.refuse_to_change_events();
create or replace trigger events_are_immutable before update or delete or truncate on event_store.archived_events
    for each statement execute function event_store.refuse_to_change_events();
