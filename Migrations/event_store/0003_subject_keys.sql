-- A key for each data subject of a tenant, under which the events hold the subject's personal data. Forgetting a
-- subject destroys the key and leaves a tombstone, so that no other key ever takes its place.

create table event_store.subject_keys (
    tenant text collate "C" not null,
    subject text collate "C" not null,
    key_id uuid unique,                     -- null: forgotten before there was a key
    key bytea,                              -- null: destroyed
    created_at timestamptz not null default clock_timestamp(),
    destroyed_at timestamptz,
    reason text,
    actor text,
    -- The event that tells the readers: settled with the destruction, here only until it is in the log.
    notice_id uuid,
    notice_type text,
    notice_data bytea,
    notice_metadata bytea,
    notice_position bigint,
    primary key (tenant, subject),
    check (key is null = (destroyed_at is not null)),
    check (key is null or key_id is not null),
    check (destroyed_at is null or (notice_id is null) = (notice_position is not null))
-- A destroyed key is to leave the pages soon.
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 0);

create index subject_keys_with_pending_notices on event_store.subject_keys (destroyed_at) where notice_id is not null;
