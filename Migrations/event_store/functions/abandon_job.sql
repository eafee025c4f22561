-- Gives the claim on a job back. A job that is completed stays so.
drop function if exists event_store.abandon_job;
create function event_store.abandon_job(consumer text, job_id text, claim uuid) returns void
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
begin
    delete from event_store.processed_jobs j
    where j.consumer = abandon_job.consumer and j.job_id = abandon_job.job_id and j.claim = abandon_job.claim
      and j.completed_at is null;
end $$;

revoke all on function event_store.abandon_job from public;
grant execute on function event_store.abandon_job to event_store_service;
