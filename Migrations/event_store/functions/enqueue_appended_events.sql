-- Puts a job for each appended event into the queues that want it, in the transaction of the append. The trigger that calls
-- this is there while a queue is enabled; see enable_bullmq_queue.
create or replace function event_store.enqueue_appended_events() returns trigger
language plpgsql security definer set jit = off set search_path = pg_catalog as $$
declare
    q event_store.bullmq_queues;
begin
    -- What comes back from the archive was appended before.
    if current_setting('event_store.administers', true) = 'yes' then
        return null;
    end if;
    for q in select * from event_store.bullmq_queues order by backend_schema, queue loop
        execute format(
            'select count(%I.add_job(
                $1, a.event_id::text, a.type,
                event_store.event_as_job(a.position, a.revision, a.recorded_at, a.event_id, a.type, a.data, a.metadata,
                                         a.number, a.tenant, a.stream),
                $2 || jsonb_build_object(''jobId'', a.event_id), $3, $4,
                (extract(epoch from clock_timestamp()) * 1000)::bigint, $5, null, null, null, null, null, false))
            from (
                select * from appended e
                where ($6 is null or e.tenant = $6)
                  and ($7 is null or split_part(e.stream, ''-'', 1) = any ($7))
                  and ($8 is null and $9 is null or e.type = any ($8) or e.type ^@ any ($9))
                order by e.position) a', q.backend_schema)
        using q.queue, q.options, q.priority, q.delay_ms, q.attempts, q.of_tenant, q.categories, q.types, q.type_prefixes;
    end loop;
    return null;
end $$;

revoke all on function event_store.enqueue_appended_events from public;
