-- What a consumer is handed out in one exchange is one row, with the positions that it has not settled yet. A message has a
-- row of its own in subscription_messages only when it cannot be settled with its handout: it failed, was given back, ran
-- out of time, or is behind such a message or one in other hands. Rows that are there stay valid.

create table event_store.subscription_handouts (
    subscription_id integer not null references event_store.subscriptions on delete cascade,
    number bigint not null,                 -- of the exchange
    consumer text collate "C" not null,
    deadline timestamptz not null,
    positions bigint[] not null,            -- ascending
    stream_keys integer[] not null,         -- hashtext of the stream of each: who else has messages of it?
    primary key (subscription_id, number),
    check (cardinality(positions) > 0 and cardinality(positions) = cardinality(stream_keys))
-- Stored in the row, up to 600 positions: rows live for milliseconds, and compressing one costs more than writing it.
) with (fillfactor = 50, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0,
        autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
alter table event_store.subscription_handouts
    alter column positions set storage external, alter column stream_keys set storage external;

alter table event_store.subscriptions
    add column changes bigint not null default 0;   -- by administrators, that may give consumers something to do

grant select on event_store.subscription_handouts to event_store_administrator;
