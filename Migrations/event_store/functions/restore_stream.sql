-- Moves the events of one stream back from the archive. Answers with how many there were.
drop function if exists event_store.restore_stream;
create function event_store.restore_stream(tenant text, stream text) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    moved bigint;
begin
    perform set_config('event_store.administers', 'yes', true);
    with back as (
        delete from event_store.archived_events e
        where e.tenant = restore_stream.tenant and e.stream = restore_stream.stream
        returning *
    )
    insert into event_store.events select * from back;
    get diagnostics moved = row_count;
    perform set_config('event_store.administers', '', true);
    return moved;
end $$;

revoke all on function event_store.restore_stream from public;
grant execute on function event_store.restore_stream to event_store_administrator;
