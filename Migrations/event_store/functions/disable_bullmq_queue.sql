-- Adds no more jobs to a queue of BullMQ. Answers with whether it was enabled. Without any, an append costs what it cost before.
drop function if exists event_store.disable_bullmq_queue;
create function event_store.disable_bullmq_queue(backend_schema text, queue text) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    was_enabled boolean;
begin
    delete from event_store.bullmq_queues q
    where q.backend_schema = disable_bullmq_queue.backend_schema and q.queue = disable_bullmq_queue.queue;
    was_enabled := found;
    if not exists (select from event_store.bullmq_queues) then
        drop trigger if exists events_are_enqueued on event_store.events;
    end if;
    return was_enabled;
end $$;

revoke all on function event_store.disable_bullmq_queue from public;
grant execute on function event_store.disable_bullmq_queue to event_store_administrator;
