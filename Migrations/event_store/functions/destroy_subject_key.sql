-- Destroys the key of a subject and leaves the tombstone. Of a subject that was forgotten before, nothing changes; the
-- answer is what stands there now.
drop function if exists event_store.destroy_subject_key;
create function event_store.destroy_subject_key(
    tenant text, subject text, reason text, actor text, destroyed_at timestamptz,
    notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea)
returns setof event_store.subject_keys
language plpgsql security definer set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    insert into event_store.subject_keys as k (
        tenant, subject, reason, actor, destroyed_at, notice_id, notice_type, notice_data, notice_metadata)
    values (
        destroy_subject_key.tenant, destroy_subject_key.subject, destroy_subject_key.reason, destroy_subject_key.actor,
        destroy_subject_key.destroyed_at, destroy_subject_key.notice_id, destroy_subject_key.notice_type,
        destroy_subject_key.notice_data, destroy_subject_key.notice_metadata)
    on conflict on constraint subject_keys_pkey do update set
        key = null, reason = excluded.reason, actor = excluded.actor, destroyed_at = excluded.destroyed_at,
        notice_id = excluded.notice_id, notice_type = excluded.notice_type, notice_data = excluded.notice_data,
        notice_metadata = excluded.notice_metadata
    where k.destroyed_at is null;
    return query select k.* from event_store.subject_keys k
        where k.tenant = destroy_subject_key.tenant and k.subject = destroy_subject_key.subject;
end $$;

revoke all on function event_store.destroy_subject_key from public;
grant execute on function event_store.destroy_subject_key to event_store_administrator;
