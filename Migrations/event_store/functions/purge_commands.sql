-- Forgets the outcomes of commands that were handled before a time, at most max_commands of them. A command that comes
-- again after that is handled again.
drop function if exists event_store.purge_commands;
create function event_store.purge_commands(before timestamptz, max_commands bigint) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    purged bigint;
begin
    delete from event_store.commands where (tenant, command_id) in (
        select c.tenant, c.command_id from event_store.commands c
        where c.recorded_at < before order by c.recorded_at limit max_commands);
    get diagnostics purged = row_count;
    return purged;
end $$;

revoke all on function event_store.purge_commands from public;
grant execute on function event_store.purge_commands to event_store_administrator;
