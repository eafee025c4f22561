-- A page of the events of a group that have a status, in the order of their positions; see OutboxRecord. No such group: no
-- row.
--   pending    not drawn yet, or drawn and not settled, or behind one that was put aside
--   published  settled
--   failed     put aside
drop function if exists event_store.outbox_records;
create function event_store.outbox_records(
    tenant text, name text, wanted_status text, after_position bigint, max_records bigint)
returns table (
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, schema_version integer,
    data bytea, metadata bytea, event_number bigint, of_tenant text, stream text, attempts integer,
    updated_at timestamptz, last_error text)
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    s event_store.subscriptions;
    unsettled bigint;
    in_hand bigint[];
begin
    select g.* into s from event_store.subscriptions g
    where g.tenant = outbox_records.tenant and g.name = outbox_records.name;
    if s.subscription_id is null then return; end if;
    in_hand := array(
        select p from event_store.subscription_handouts h, unnest(h.positions) p
        where h.subscription_id = s.subscription_id);

    if wanted_status = 'published' then
        select (select count(*) from event_store.subscription_messages m
                where m.subscription_id = s.subscription_id and m.position >= s.lowest_position)
             + (select count(*) from event_store.parked_messages p where p.subscription_id = s.subscription_id)
             + cardinality(in_hand)
        into unsettled;
        return query
        select l.position, l.revision, l.recorded_at, l.event_id, l.type, l.schema_version, l.data, l.metadata,
               l.number, l.tenant, l.stream, 0, l.recorded_at, null::text
        from event_store.read_log_matching(
            greatest(after_position, s.start_position, 0), false, max_records + unsettled, s.of_tenant, s.categories,
            s.types, s.type_prefixes) l
        where l.position <= s.read_position and (s.stream is null or l.stream = s.stream)
          and l.position <> all (in_hand)
          and not exists (select from event_store.subscription_messages m
                          where m.subscription_id = s.subscription_id and m.position = l.position)
          and not exists (select from event_store.parked_messages p
                          where p.subscription_id = s.subscription_id and p.position = l.position)
        order by l.position limit max_records;
        return;
    end if;

    return query
    select e.position, e.revision, e.recorded_at, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.number,
           e.tenant, e.stream, u.attempts, coalesce(u.updated_at, e.recorded_at), u.reason
    from (
        select p.position, coalesce(p.attempts, 0) as attempts, p.parked_at as updated_at, p.reason
        from event_store.parked_messages p
        where p.subscription_id = s.subscription_id and (p.state = 'parked') = (wanted_status = 'failed')
          and p.position > after_position
        union all
        select m.position, m.failures, m.failed_at, m.reason
        from event_store.subscription_messages m
        where wanted_status = 'pending' and m.subscription_id = s.subscription_id
          and m.position >= s.lowest_position and m.position > after_position
        union all
        select h.position, 0, null, null from unnest(in_hand) h (position)
        where wanted_status = 'pending' and h.position > after_position
        union all
        select l.position, 0, null, null
        from event_store.read_log_matching(
            greatest(after_position, s.read_position), false, case wanted_status when 'pending' then max_records else 0 end,
            s.of_tenant, s.categories, s.types, s.type_prefixes) l
        where s.stream is null or l.stream = s.stream
    ) u, lateral (select * from event_store.all_events e where e.position = u.position) e
    order by u.position limit max_records;
end $$;

revoke all on function event_store.outbox_records from public;
grant execute on function event_store.outbox_records to event_store_administrator;
