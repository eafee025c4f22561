-- What failed is tried again later, parked, or stops the group, according to its verdict. The messages behind it in its
-- stream are taken back from who has them in hand, and wait for it.
drop function if exists event_store.fail_subscription_messages;
create function event_store.fail_subscription_messages(
    s event_store.subscriptions, positions bigint[], verdicts text[], delays_ms bigint[], reasons text[],
    moment timestamptz)
returns void language plpgsql security definer
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    id constant integer := s.subscription_id;
    parked_positions bigint[];
    parked_streams text[];
begin
    update event_store.subscription_messages m set consumer = null, number = null, deadline = null
    from (
        select failed.stream, min(failed.position) as position from event_store.subscription_messages failed
        where failed.subscription_id = id and failed.position = any (positions) group by failed.stream) first
    where m.subscription_id = id and m.position >= first.position and m.stream = first.stream and m.consumer is not null;

    update event_store.subscription_messages m
    set failures = m.failures + 1, reason = f.reason, failed_at = moment,
        not_before = moment + coalesce(
            f.delay_ms * interval '1 ms',
            s.retry_delays[least(m.failures + 1, cardinality(s.retry_delays))], interval '0')
    from unnest(positions, verdicts, delays_ms, reasons) f (position, verdict, delay_ms, reason)
    where m.subscription_id = id and m.position = f.position and f.verdict in ('retry', 'park');

    with gone as (
        delete from event_store.subscription_messages m
        using unnest(positions, verdicts, reasons) f (position, verdict, reason)
        where m.subscription_id = id and m.position = f.position
          and (f.verdict = 'park' or f.verdict = 'retry' and m.failures >= s.max_attempts)
        returning m.position, m.stream, m.failures, f.reason
    ),
    kept as (
        insert into event_store.parked_messages (subscription_id, position, stream, state, attempts, reason, parked_at)
        select id, gone.position, gone.stream, 'parked', gone.failures, gone.reason, moment from gone
    )
    select array_agg(gone.position), array_agg(gone.stream) into parked_positions, parked_streams from gone;

    if s.holds_back and parked_positions is not null then
        with gone as (
            delete from event_store.subscription_messages m
            using unnest(parked_positions, parked_streams) f (position, stream)
            where m.subscription_id = id and m.stream = f.stream and m.position > f.position
            returning m.position, m.stream
        )
        insert into event_store.parked_messages (subscription_id, position, stream, state)
        select id, gone.position, gone.stream, 'waits' from gone;
        update event_store.parked_messages p set state = 'waits'
        from unnest(parked_positions, parked_streams) f (position, stream)
        where p.subscription_id = id and p.stream = f.stream and p.position > f.position and p.state = 'returns';
    end if;

    update event_store.subscriptions u set stopped_at = moment, stop_reason = stop.reason
    from (select f.reason from unnest(verdicts, reasons) f (verdict, reason) where f.verdict = 'stop' limit 1) stop
    where u.subscription_id = id and u.stopped_at is null;
end $$;

revoke all on function event_store.fail_subscription_messages from public;
