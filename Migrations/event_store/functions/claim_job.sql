-- Claims a job for a consumer until claim_ms have passed; or records it as completed, where claim_ms is null: that is for an
-- effect in the same transaction. Answers with new, done, or in progress. The same claim can be made again.
drop function if exists event_store.claim_job;
create function event_store.claim_job(consumer text, job_id text, claim uuid, claim_ms bigint) returns text
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    now constant timestamptz := clock_timestamp();
    completed timestamptz;
begin
    insert into event_store.processed_jobs as j
    values (claim_job.consumer, claim_job.job_id, claim_job.claim, now + claim_ms * interval '1 ms',
            case when claim_ms is null then now end)
    on conflict on constraint processed_jobs_pkey do update
    set claim = excluded.claim, claimed_until = excluded.claimed_until, completed_at = excluded.completed_at
    where j.completed_at is null and (j.claim = excluded.claim or j.claimed_until <= now);
    if found then return 'new'; end if;
    select j.completed_at into completed from event_store.processed_jobs j
    where j.consumer = claim_job.consumer and j.job_id = claim_job.job_id;
    return case when completed is null then 'in progress' else 'done' end;
end $$;

revoke all on function event_store.claim_job from public;
grant execute on function event_store.claim_job to event_store_service;
