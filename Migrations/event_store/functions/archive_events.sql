-- Moves events before a position into the archive, the oldest first and at most max_events of them; the log's last event
-- stays. Answers with how many were moved; call it until that is 0.
drop function if exists event_store.archive_events;
create function event_store.archive_events(before_position bigint, max_events bigint) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    moved bigint;
begin
    perform set_config('event_store.administers', 'yes', true);
    with gone as (
        delete from event_store.events
        where position in (
            select e.position from event_store.events e
            where e.position < least(before_position, event_store.head()) order by e.position limit max_events)
        returning *
    )
    insert into event_store.archived_events select * from gone;
    get diagnostics moved = row_count;
    perform set_config('event_store.administers', '', true);
    return moved;
end $$;

revoke all on function event_store.archive_events from public;
grant execute on function event_store.archive_events to event_store_administrator;
