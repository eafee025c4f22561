drop function if exists event_store.command_outcome;
create function event_store.command_outcome(tenant text, command_id text)
returns table (request_hash bytea, streams text[], revisions bigint[], "position" bigint, outcome bytea)
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    return query
    select c.request_hash, c.streams, c.revisions, c.position, c.outcome from event_store.commands c
    where c.tenant = command_outcome.tenant and c.command_id = command_outcome.command_id;
end $$;

revoke all on function event_store.command_outcome from public;
grant execute on function event_store.command_outcome to event_store_service, event_store_administrator;
