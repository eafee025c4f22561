-- Forgets jobs that were completed and claims that expired so long ago, at most max_jobs of them. Answers with their count.
drop function if exists event_store.purge_processed_jobs;
create function event_store.purge_processed_jobs(age_ms bigint, max_jobs bigint) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    purged bigint;
    age_limit constant timestamptz := clock_timestamp() - age_ms * interval '1 ms';
begin
    delete from event_store.processed_jobs where (consumer, job_id) in (
        select j.consumer, j.job_id from event_store.processed_jobs j
        where coalesce(j.completed_at, j.claimed_until) <= age_limit
        order by coalesce(j.completed_at, j.claimed_until) limit max_jobs for update skip locked);
    get diagnostics purged = row_count;
    return purged;
end $$;

revoke all on function event_store.purge_processed_jobs from public;
grant execute on function event_store.purge_processed_jobs to event_store_service, event_store_administrator;
