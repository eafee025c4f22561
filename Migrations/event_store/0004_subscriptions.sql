-- Persistent subscriptions: groups of consumers that share the events of a source. The state of a group is its position
-- in the log and the window behind that: messages that were drawn and are not settled yet. Both change in one
-- transaction, so that nothing is lost between them.

create table event_store.subscriptions (
    subscription_id integer generated always as identity primary key,
    tenant text collate "C" not null,       -- '': of all tenants
    name text collate "C" not null,
    -- The source: a stream, or the events of the log that pass a filter; see read_log_matching.
    stream text collate "C",
    of_tenant text collate "C",
    categories text[],
    types text[],
    type_prefixes text[],
    -- The settings.
    buffer_size bigint not null,
    message_timeout interval not null,
    max_attempts integer not null,
    retry_delays interval[] not null,
    holds_back boolean not null,            -- events behind a parked one in its stream wait
    -- The place.
    read_position bigint not null,
    read_revision bigint not null default -1,   -- of the last event that was drawn from the stream
    lowest_position bigint not null,        -- nothing in the window is below: what was deleted there is not walked over
    next_deadline timestamptz not null default 'infinity',  -- no deadline in the window is earlier
    exchanges bigint not null default 0,
    settled bigint not null default 0,
    stopped_at timestamptz,
    stop_reason text,
    unique (tenant, name),
    check ((stopped_at is null) = (stop_reason is null))
) with (fillfactor = 50);

create table event_store.subscription_messages (
    subscription_id integer not null references event_store.subscriptions on delete cascade,
    position bigint not null,
    stream text collate "C" not null,
    failures integer not null default 0,
    not_before timestamptz,                 -- of one that failed: when it may be tried again
    consumer text collate "C",              -- who has it, since which exchange and until when; null: nobody
    number bigint,
    deadline timestamptz,
    primary key (subscription_id, position),
    check ((consumer is null) = (number is null) and (consumer is null) = (deadline is null))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);

create table event_store.parked_messages (
    subscription_id integer not null references event_store.subscriptions on delete cascade,
    position bigint not null,
    stream text collate "C" not null,
    state text not null check (state in (
        'parked',                           -- it failed
        'waits',                            -- it is behind one that did
        'returns')),                        -- it was given back, and goes into the window when there is room
    attempts integer,
    reason text,
    parked_at timestamptz,
    primary key (subscription_id, position),
    check ((state = 'parked') <= (attempts is not null and reason is not null and parked_at is not null))
);
create index parked_messages_by_stream on event_store.parked_messages (subscription_id, stream, position);
create index returning_messages on event_store.parked_messages (subscription_id, position) where state = 'returns';

-- Who has asked lately. A consumer's row is renewed every few seconds at most.
create table event_store.subscription_consumers (
    subscription_id integer not null references event_store.subscriptions on delete cascade,
    consumer text collate "C" not null,
    seen_at timestamptz not null,
    primary key (subscription_id, consumer)
);

grant select on event_store.subscriptions, event_store.subscription_messages, event_store.parked_messages,
    event_store.subscription_consumers to event_store_administrator;
