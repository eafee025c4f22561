-- A key for each data subject of a tenant, under which the events hold the subject's personal data. Forgetting a subject
-- destroys the key and leaves a tombstone, so that no other key ever takes its place.

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
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 0);  -- what was destroyed is to leave the pages soon

create index subject_keys_with_pending_notices on event_store.subject_keys (destroyed_at) where notice_id is not null;

-- The key of a subject; the candidate becomes it when there is none yet. Answers with a null key for a subject that was
-- forgotten.
create function event_store.subject_key(tenant text, subject text, candidate_id uuid, candidate bytea)
returns table (key_id uuid, key bytea)
language plpgsql security definer set jit = off as $$
#variable_conflict use_column
begin
    return query select k.key_id, k.key from event_store.subject_keys k
        where k.tenant = subject_key.tenant and k.subject = subject_key.subject;
    if not found then
        insert into event_store.subject_keys (tenant, subject, key_id, key)
        values (subject_key.tenant, subject_key.subject, candidate_id, candidate)
        on conflict on constraint subject_keys_pkey do nothing;
        return query select k.key_id, k.key from event_store.subject_keys k
            where k.tenant = subject_key.tenant and k.subject = subject_key.subject;
    end if;
end $$;

-- The keys with these ids, each of the tenant beside it; null for a key that was destroyed.
create function event_store.subject_keys_by_id(tenants text[], key_ids uuid[])
returns table (tenant text, key_id uuid, subject text, key bytea)
language plpgsql stable security definer set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
begin
    return query select k.tenant::text, k.key_id, k.subject::text, k.key
        from unnest(tenants, key_ids) wanted (tenant, key_id)
        join event_store.subject_keys k on k.key_id = wanted.key_id and k.tenant = wanted.tenant;
end $$;

-- Destroys the key of a subject and leaves the tombstone. Of a subject that was forgotten before, nothing changes; the
-- answer is what stands there now.
create function event_store.destroy_subject_key(
    tenant text, subject text, reason text, actor text, destroyed_at timestamptz,
    notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea)
returns setof event_store.subject_keys
language plpgsql security definer set jit = off as $$
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

-- Tombstones whose notice is not known to be in the log, the oldest first.
create function event_store.pending_subject_notices(max_notices bigint) returns setof event_store.subject_keys
language plpgsql stable security definer set jit = off as $$
begin
    return query select * from event_store.subject_keys k
        where k.notice_id is not null order by k.destroyed_at limit max_notices;
end $$;

-- Notes where in the log the notice stands. Nothing changes when that was noted before.
create function event_store.subject_notice_appended(tenant text, subject text, "position" bigint) returns void
language plpgsql security definer set jit = off as $$
begin
    update event_store.subject_keys k
    set notice_position = subject_notice_appended.position, notice_id = null, notice_type = null, notice_data = null,
        notice_metadata = null
    where k.tenant = subject_notice_appended.tenant and k.subject = subject_notice_appended.subject
      and k.notice_id is not null;
end $$;

-- For people: a document with "[sealed: subject]" or "[forgotten: subject]" in place of what is sealed.
create function event_store.readable(document jsonb, of_tenant text) returns jsonb
language plpgsql stable security definer set jit = off as $$
declare
    sealed_subject constant text := document #>> '{$sealed,subject}';
begin
    if sealed_subject is not null then
        return to_jsonb(format('[%s: %s]', case when exists (
            select from event_store.subject_keys k
            where k.tenant = of_tenant and k.subject = sealed_subject and k.destroyed_at is not null)
            then 'forgotten' else 'sealed' end, sealed_subject));
    end if;
    return case jsonb_typeof(document)
        when 'object' then case
            when document #>> '{$forgotten,subject}' is not null
                then to_jsonb(format('[forgotten: %s]', document #>> '{$forgotten,subject}'))
            else (select coalesce(jsonb_object_agg(m.key, event_store.readable(m.value, of_tenant)), '{}')
                  from jsonb_each(document) m) end
        when 'array' then (
            select coalesce(jsonb_agg(event_store.readable(e.value, of_tenant) order by e.place), '[]')
            from jsonb_array_elements(document) with ordinality e (value, place))
        else document end;
end $$;

create or replace view event_store.events_json as
select position, tenant, stream, revision, event_id, type, schema_version, recorded_at, redacted_at,
       case when position('"$'::bytea in data) > 0
            then event_store.readable(convert_from(data, 'UTF8')::jsonb, tenant)
            else convert_from(data, 'UTF8')::jsonb end as data,
       convert_from(metadata, 'UTF8')::jsonb as metadata
from event_store.all_events;

revoke all on function
    event_store.subject_key, event_store.subject_keys_by_id, event_store.destroy_subject_key,
    event_store.pending_subject_notices, event_store.subject_notice_appended, event_store.readable
    from public;
grant execute on function event_store.subject_key, event_store.subject_keys_by_id to event_store_service;
grant execute on function
    event_store.destroy_subject_key, event_store.pending_subject_notices, event_store.subject_notice_appended,
    event_store.readable
    to event_store_administrator;
