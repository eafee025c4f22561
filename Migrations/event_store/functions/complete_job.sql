-- Records that a claimed job is done. Answers with false when another attempt has claimed it since.
drop function if exists event_store.complete_job;
create function event_store.complete_job(consumer text, job_id text, claim uuid) returns boolean
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    update event_store.processed_jobs j
    set claimed_until = null, completed_at = coalesce(j.completed_at, clock_timestamp())
    where j.consumer = complete_job.consumer and j.job_id = complete_job.job_id and j.claim = complete_job.claim;
    return found;
end $$;

revoke all on function event_store.complete_job from public;
grant execute on function event_store.complete_job to event_store_service;
