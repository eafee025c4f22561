-- Projections in partitions, each with a checkpoint that knows which log it is of, and the events that were put aside.

create table projections (
    projection text primary key,
    partitions integer not null check (partitions between 1 and 1024),
    wanted_partitions integer not null check (wanted_partitions between 1 and 1024),
    paused_at timestamptz,                  -- null: it runs
    pause_reason text
);
insert into projections (projection, partitions, wanted_partitions) select projection, 1, 1 from checkpoints;

-- Whoever changes a partition adds one to its version, and whoever wants to change it says which one it has seen.
alter table checkpoints
    add column partition integer not null default 0,
    add column version bigint not null default 0,
    add column incarnation uuid,            -- of the event store; null until it is known
    add column event_id uuid,               -- of the event at the position; null until it is known
    add column stalled_since timestamptz,
    add column stalled_on text,
    drop constraint checkpoints_pkey,
    add primary key (projection, partition);
alter table checkpoints alter column partition drop default;

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
