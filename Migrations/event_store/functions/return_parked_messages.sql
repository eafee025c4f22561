-- Moves what was given back into the window, as far as there is room. Answers with how many messages these are.
drop function if exists event_store.return_parked_messages;
create function event_store.return_parked_messages(id integer, room bigint) returns bigint
language plpgsql security definer
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    returned bigint[];
begin
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
    update event_store.subscriptions u set lowest_position = lowest.position
    from (select min(p) as position from unnest(returned) p) lowest
    where u.subscription_id = id and u.lowest_position > lowest.position;
    return coalesce(cardinality(returned), 0);
end $$;

revoke all on function event_store.return_parked_messages from public;
