-- How far each projection has come in the log, and who runs it.

-- A projection in its partitions.
create table projections (
    projection text primary key,
    partitions integer not null check (partitions between 1 and 1024),
    wanted_partitions integer not null check (wanted_partitions between 1 and 1024),
    paused_at timestamptz,                  -- null: it runs
    pause_reason text
);

-- A checkpoint moves in the transaction that changes the projection's rows. Whoever changes a partition adds one to its
-- version, and whoever wants to change it says which one it has seen.
create table checkpoints (
    projection text not null,
    position bigint not null,
    updated_at timestamptz not null default clock_timestamp(),
    partition integer not null,
    version bigint not null default 0,
    incarnation uuid,                       -- of the event store; null until it is known
    event_id uuid,                          -- of the event at the position; null until it is known
    stalled_since timestamptz,
    stalled_on text,
    primary key (projection, partition)
);

-- Events that could not be applied, and those of the same streams that wait behind them. Their data stays in the log.
create table parked_events (
    projection text not null,
    partition integer not null,
    position bigint not null,
    tenant text not null,
    stream text not null,
    event_id uuid not null,
    type text not null,
    parked_at timestamptz not null default clock_timestamp(),
    attempts integer not null default 1,
    reason text,                            -- null: it waits behind another one
    retry_requested boolean not null default false,
    skipped_at timestamptz,                 -- null: it is parked; else it will never be applied
    skip_reason text,
    primary key (projection, position)
);
create index parked_streams on parked_events (projection, stream, position) where skipped_at is null;

-- Who runs what only one process may run. A session lock says who owns a resource, and falls with the session; the row
-- says how to find the session of an owner that gives no sign of life. Rows are rewritten often, and mean nothing once
-- the sessions are gone: so the table is not logged.
create unlogged table owners (
    resource text primary key,
    lock_key bigint not null unique,        -- of two resources with the same key, the second is refused
    owner text not null,                    -- the process, for people
    backend_pid integer not null,           -- its session; numbers are used again,
    backend_start timestamptz not null,     -- so this goes with it
    owned_since timestamptz not null default clock_timestamp(),
    heartbeat_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
