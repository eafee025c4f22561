-- How the group is doing, or all of them if name is null; see SubscriptionInfo.
drop function if exists event_store.subscription_info;
create function event_store.subscription_info(tenant text, name text)
returns table (
    of_tenant text, of_name text, read_position bigint, lag bigint, waiting bigint, in_flight bigint, retrying bigint,
    parked bigint, held bigint, oldest_at timestamptz, settled bigint, consumers text[], in_hands bigint[],
    stop_reason text, stopped_at timestamptz)
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    return query
    select s.tenant::text, s.name::text, s.read_position, greatest(event_store.head() - s.read_position, 0), m.waiting,
           m.in_flight + h.in_flight, m.retrying, p.parked, p.held,
           (select e.recorded_at from event_store.all_events e where e.position = least(m.lowest, h.lowest)), s.settled,
           c.consumers,
           c.in_hands, s.stop_reason, s.stopped_at
    from event_store.subscriptions s,
    lateral (
        select min(m.position) as lowest, count(m.consumer) as in_flight,
               count(*) filter (where m.consumer is null and m.not_before > clock_timestamp()) as retrying,
               count(*) filter (where m.consumer is null and (m.not_before > clock_timestamp()) is not true) as waiting
        from event_store.subscription_messages m
        where m.subscription_id = s.subscription_id and m.position >= s.lowest_position) m,
    lateral (
        select min(h.positions[1]) as lowest, coalesce(sum(cardinality(h.positions)), 0)::bigint as in_flight
        from event_store.subscription_handouts h where h.subscription_id = s.subscription_id) h,
    lateral (
        select count(*) filter (where p.state = 'parked') as parked, count(*) filter (where p.state <> 'parked') as held
        from event_store.parked_messages p where p.subscription_id = s.subscription_id) p,
    lateral (
        select coalesce(array_agg(c.consumer::text), '{}') as consumers, coalesce(array_agg(c.in_hands), '{}') as in_hands
        from (
            select u.consumer, sum(u.in_hands)::bigint as in_hands from (
                select c.consumer, 0 as in_hands from event_store.subscription_consumers c
                where c.subscription_id = s.subscription_id and c.seen_at > clock_timestamp() - interval '30 s'
                union all
                select m.consumer, 1 from event_store.subscription_messages m
                where m.subscription_id = s.subscription_id and m.deadline > clock_timestamp()
                union all
                select h.consumer, cardinality(h.positions) from event_store.subscription_handouts h
                where h.subscription_id = s.subscription_id and h.deadline > clock_timestamp()) u
            group by u.consumer) c) c
    where subscription_info.name is null
       or s.tenant = subscription_info.tenant and s.name = subscription_info.name
    order by s.name, s.tenant;
end $$;

revoke all on function event_store.subscription_info from public;
grant execute on function event_store.subscription_info to event_store_administrator;
