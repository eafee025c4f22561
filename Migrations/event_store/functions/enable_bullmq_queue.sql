-- From now on, each appended event that passes the filter is a job of a queue of BullMQ in this database when its append is
-- committed; see enqueue_appended_events. Enabling again changes filter and options. Raises feature_not_supported when the
-- schema of BullMQ is missing, or of a version that is not known here.
drop function if exists event_store.enable_bullmq_queue;
create function event_store.enable_bullmq_queue(
    backend_schema text, queue text, of_tenant text, categories text[], types text[], type_prefixes text[],
    options jsonb, attempts integer, priority integer, delay_ms bigint)
returns void language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    if to_regprocedure(format(
        '%I.add_job(text, text, text, jsonb, jsonb, integer, bigint, bigint, integer, text, text, text, text, text, boolean)',
        enable_bullmq_queue.backend_schema)) is null then
        raise exception 'schema "%" has no function add_job of BullMQ 6', enable_bullmq_queue.backend_schema
            using errcode = 'feature_not_supported', hint = 'Run the migrations of BullMQ 6 in this database.';
    end if;
    insert into event_store.bullmq_queues (
        backend_schema, queue, of_tenant, categories, types, type_prefixes, options, attempts, priority, delay_ms)
    values (
        enable_bullmq_queue.backend_schema, enable_bullmq_queue.queue, enable_bullmq_queue.of_tenant,
        enable_bullmq_queue.categories, enable_bullmq_queue.types, enable_bullmq_queue.type_prefixes,
        enable_bullmq_queue.options, enable_bullmq_queue.attempts, enable_bullmq_queue.priority,
        enable_bullmq_queue.delay_ms)
    on conflict on constraint bullmq_queues_pkey do update set
        of_tenant = excluded.of_tenant, categories = excluded.categories, types = excluded.types,
        type_prefixes = excluded.type_prefixes, options = excluded.options, attempts = excluded.attempts,
        priority = excluded.priority, delay_ms = excluded.delay_ms;
    create or replace trigger events_are_enqueued after insert on event_store.events
        referencing new table as appended for each statement execute function event_store.enqueue_appended_events();
end $$;

revoke all on function event_store.enable_bullmq_queue from public;
grant execute on function event_store.enable_bullmq_queue to event_store_administrator;
