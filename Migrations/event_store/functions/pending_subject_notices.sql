-- Tombstones whose notice is not known to be in the log, the oldest first.
drop function if exists event_store.pending_subject_notices;
create function event_store.pending_subject_notices(max_notices bigint) returns setof event_store.subject_keys
language plpgsql stable security definer set jit = off set search_path = pg_catalog as $$
begin
    return query select * from event_store.subject_keys k
        where k.notice_id is not null order by k.destroyed_at limit max_notices;
end $$;

revoke all on function event_store.pending_subject_notices from public;
grant execute on function event_store.pending_subject_notices to event_store_administrator;
