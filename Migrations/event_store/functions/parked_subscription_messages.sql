-- A page of the messages that are parked or wait behind such, in the order of their positions.
drop function if exists event_store.parked_subscription_messages;
create function event_store.parked_subscription_messages(
    tenant text, name text, after_position bigint, max_messages bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, event_number bigint, of_tenant text, stream text, state text, attempts integer,
    reason text, parked_at timestamptz)
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
           e.tenant, e.stream, p.state, p.attempts, p.reason, p.parked_at
    from event_store.subscriptions s
    join event_store.parked_messages p on p.subscription_id = s.subscription_id,
    lateral (select * from event_store.all_events e where e.position = p.position) e
    where s.tenant = parked_subscription_messages.tenant and s.name = parked_subscription_messages.name
      and p.position > after_position
    order by p.position limit max_messages;
end $$;

revoke all on function event_store.parked_subscription_messages from public;
grant execute on function event_store.parked_subscription_messages to event_store_administrator;
