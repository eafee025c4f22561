-- The deadlines of processes, by their times. The truth is in the streams of the processes' instances; see DeadlineStore.
create table event_store.deadlines (
    tenant text collate "C" not null,
    instance text collate "C" not null,     -- its stream
    name text collate "C" not null,
    process text collate "C" not null,      -- the category of the stream
    revision bigint not null,               -- of the stream, as of which this was written
    due_at timestamptz not null,
    available_at timestamptz not null,      -- due_at, or when the claim of one that was due ends
    attempts integer not null default 0,    -- claims of this due_at
    primary key (tenant, instance, name)
) with (fillfactor = 80);
create index deadlines_by_time on event_store.deadlines (process, available_at);

grant select on event_store.deadlines to event_store_administrator;
