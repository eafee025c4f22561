-- Webhooks: systems outside that are sent events by HTTP. What waits for an endpoint is in a persistent subscription of its
-- own, named webhook.<id>; the two change in one transaction.

create table event_store.webhooks (
    id uuid primary key,
    tenant text collate "C" not null,
    url text not null,
    description text not null,
    types text[] not null,                  -- names of event types, beginnings with .* behind them, or * for all
    -- The keys that deliveries are signed with, unencrypted: a reader of this table can sign. Only the functions read it.
    secret text not null,
    previous_secret text,                   -- of before a rotation, used until then
    previous_until timestamptz,
    disabled_reason text,                   -- null: enabled
    disabled_since timestamptz,
    created_at timestamptz not null,
    revision bigint not null,               -- counts the changes, from 0
    failing_since timestamptz,              -- the first failure since the last success; null: the last one was a success
    unique (tenant, id),
    check ((previous_secret is null) = (previous_until is null)),
    check ((disabled_reason is null) = (disabled_since is null))
);

create table event_store.webhook_deliveries (
    webhook_id uuid not null references event_store.webhooks on delete cascade,
    id uuid not null,                       -- a UUID v7, so that they are in the order of time
    event_id uuid not null,
    type text not null,
    position bigint,                        -- null: a test, whose event is not in the log
    attempt integer not null,
    at timestamptz not null,
    duration_us bigint not null,
    status integer,                         -- of the answer; null: none
    failure text,                           -- null: delivered
    primary key (webhook_id, id)
);

grant select (id, tenant, url, description, types, previous_until, disabled_reason, disabled_since, created_at, revision,
    failing_since) on event_store.webhooks to event_store_administrator;
grant select on event_store.webhook_deliveries to event_store_administrator;
