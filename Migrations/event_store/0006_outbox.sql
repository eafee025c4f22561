-- The outbox is a view of a persistent subscription: for each event that it draws, whether it waits, was published, or was
-- put aside, and why the last attempt failed.

alter table event_store.subscriptions
    add column start_position bigint;       -- nothing up to here was ever to be delivered; null: made before this column
alter table event_store.subscription_messages
    add column reason text,                 -- why the last attempt failed
    add column failed_at timestamptz;

-- Queues of BullMQ in this database that get a job for each event in the transaction of its append; see
-- enable_bullmq_queue.
create table event_store.bullmq_queues (
    backend_schema text not null,           -- the schema of BullMQ
    queue text collate "C" not null,
    -- The filter; see read_log_matching.
    of_tenant text collate "C",
    categories text[],
    types text[],
    type_prefixes text[],
    -- The options of the jobs, as BullMQ has them, and those of them that are arguments of add_job.
    options jsonb not null,
    attempts integer not null,
    priority integer not null,
    delay_ms bigint not null,
    enabled_at timestamptz not null default clock_timestamp(),
    primary key (backend_schema, queue)
);
grant select on event_store.bullmq_queues to event_store_administrator;
