-- Times of recording are what the server's clock said. Events are ordered by their positions; where the clock was set back,
-- and only there, their times are not in the same order.

-- Where the times step back. Written by append_events under its lock; correct_times keeps it up to date.
create table event_store.clock_jumps (
    position bigint primary key,            -- of the first event after the step
    recorded_at timestamptz not null,       -- its time, and
    preceding_recorded_at timestamptz not null  -- the later one of the event before it
);
grant select on event_store.clock_jumps to event_store_administrator;

-- Every correction of times, for ever.
create table event_store.time_corrections (
    first_position bigint not null,
    last_position bigint not null,
    clock text not null check (clock in ('store', 'writers', 'both')),
    shift interval not null,
    reason text not null,
    actor text not null,
    corrected_at timestamptz not null default clock_timestamp()
);
grant select on event_store.time_corrections to event_store_administrator;
