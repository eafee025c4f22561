-- How far each projection has come in the log. It moves in the transaction that changes the projection's rows.
create table checkpoints (
    projection text primary key,
    position bigint not null,
    updated_at timestamptz not null default clock_timestamp()
);
