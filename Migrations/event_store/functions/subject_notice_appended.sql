-- Notes where in the log the notice stands. Nothing changes when that was noted before.
drop function if exists event_store.subject_notice_appended;
create function event_store.subject_notice_appended(tenant text, subject text, "position" bigint) returns void
language plpgsql security definer set jit = off set search_path = pg_catalog as $$
begin
    update event_store.subject_keys k
    set notice_position = subject_notice_appended.position, notice_id = null, notice_type = null, notice_data = null,
        notice_metadata = null
    where k.tenant = subject_notice_appended.tenant and k.subject = subject_notice_appended.subject
      and k.notice_id is not null;
end $$;

revoke all on function event_store.subject_notice_appended from public;
grant execute on function event_store.subject_notice_appended to event_store_administrator;
