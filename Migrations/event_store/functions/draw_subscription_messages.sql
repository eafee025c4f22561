-- Moves what was given back into the window, then draws from the log, as far as there is room.
drop function if exists event_store.draw_subscription_messages;
create function event_store.draw_subscription_messages(s event_store.subscriptions)
returns void language plpgsql security definer
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    id constant integer := s.subscription_id;
    room bigint := s.buffer_size - (
        select count(*) from event_store.subscription_messages m
        where m.subscription_id = id and m.position >= s.lowest_position);
    returned bigint[];
    positions bigint[];
    streams text[];
    head bigint;
    few constant bigint := 1000;
begin
    if exists (select from event_store.parked_messages p where p.subscription_id = id and p.state = 'returns') then
        with gone as (
            delete from event_store.parked_messages p
            where p.subscription_id = id and p.position in (
                select r.position from event_store.parked_messages r
                where r.subscription_id = id and r.state = 'returns' order by r.position limit greatest(room, 0))
            returning p.position, p.stream
        ),
        back as (
            insert into event_store.subscription_messages (subscription_id, position, stream)
            select id, gone.position, gone.stream from gone
        )
        select array_agg(gone.position) into returned from gone;
        room := room - coalesce(cardinality(returned), 0);
        update event_store.subscriptions u
        set lowest_position = least(u.lowest_position, (select min(p) from unnest(returned) p))
        where u.subscription_id = id;
    end if;
    head := event_store.head();
    if room <= 0 or s.read_position >= head then return; end if;

    -- The head is of the same moment as the page, or the page ends there: behind a page that is not full there is nothing up to
    -- the head. Of a few new events all are looked at, by a statement that is planned once.
    if s.stream is null and head - s.read_position <= few then
        select array_agg(l.position), array_agg(l.stream) into positions, streams from (
            select e.position, e.stream from event_store.all_events e
            where e.position > s.read_position and e.position <= head
              and (s.of_tenant is null or e.tenant = s.of_tenant)
              and (s.categories is null or split_part(e.stream, '-', 1) = any (s.categories))
              and (s.types is null and s.type_prefixes is null or e.type = any (s.types)
                   or e.type ^@ any (s.type_prefixes))
            order by e.position limit room) l;
    elsif s.stream is not null then
        select array_agg(l.position), array_agg(l.stream), event_store.head() into positions, streams, head from (
            select e.position, e.stream from event_store.all_events e
            where e.tenant = s.of_tenant and e.stream = s.stream and e.revision > s.read_revision
            order by e.revision limit room) l;
    elsif num_nonnulls(s.of_tenant, s.categories, s.types, s.type_prefixes) = 0 then
        select array_agg(l.position), array_agg(l.stream), event_store.head() into positions, streams, head from (
            select e.position, e.stream from event_store.all_events e
            where e.position > s.read_position order by e.position limit room) l;
    else
        select array_agg(l.position), array_agg(l.stream), event_store.head() into positions, streams, head
        from event_store.read_log_matching(
            s.read_position, false, room, s.of_tenant, s.categories, s.types, s.type_prefixes) l;
    end if;

    update event_store.subscriptions u
    set read_position = case when cardinality(positions) = room then positions[room] else head end,
        read_revision = s.read_revision + coalesce(cardinality(positions), 0)
    where u.subscription_id = id;

    if s.holds_back and exists (select from event_store.parked_messages p where p.subscription_id = id) then
        insert into event_store.parked_messages (subscription_id, position, stream, state)
        select id, d.position, d.stream, case when behind.parked then 'waits' else 'returns' end
        from unnest(positions, streams) d (position, stream), lateral (
            select bool_or(p.state = 'parked') as parked from event_store.parked_messages p
            where p.subscription_id = id and p.stream = d.stream) behind
        where behind.parked is not null;
        insert into event_store.subscription_messages (subscription_id, position, stream)
        select id, d.position, d.stream from unnest(positions, streams) d (position, stream)
        where not exists (
            select from event_store.parked_messages p where p.subscription_id = id and p.stream = d.stream);
    else
        insert into event_store.subscription_messages (subscription_id, position, stream)
        select id, d.position, d.stream from unnest(positions, streams) d (position, stream);
    end if;
end $$;

revoke all on function event_store.draw_subscription_messages from public;
