-- The key of a subject; the candidate becomes it when there is none yet. Answers with a null key for a subject that was
-- forgotten.
drop function if exists event_store.subject_key;
create function event_store.subject_key(tenant text, subject text, candidate_id uuid, candidate bytea)
returns table (key_id uuid, key bytea)
language plpgsql security definer set jit = off set search_path = pg_catalog as $$
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

revoke all on function event_store.subject_key from public;
grant execute on function event_store.subject_key to event_store_service;
