-- Which jobs a consumer of a queue has processed or is processing, so that a job that is delivered again has no second
-- effect.
create table event_store.processed_jobs (
    consumer text collate "C" not null,
    job_id text collate "C" not null,
    claim uuid not null,                    -- of the last attempt
    claimed_until timestamptz,              -- null once the job is completed
    completed_at timestamptz,
    primary key (consumer, job_id),
    check ((claimed_until is null) = (completed_at is not null))
) with (fillfactor = 80);
create index processed_jobs_by_time on event_store.processed_jobs (coalesce(completed_at, claimed_until));

grant select on event_store.processed_jobs to event_store_administrator;
