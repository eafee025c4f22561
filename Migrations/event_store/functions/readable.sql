-- For people: a document with "[sealed: subject]" or "[forgotten: subject]" in place of what is sealed.
drop view if exists event_store.events_json;
drop function if exists event_store.readable;
create function event_store.readable(document jsonb, of_tenant text) returns jsonb
language plpgsql stable security definer set jit = off set search_path = pg_catalog as $$
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

revoke all on function event_store.readable from public;
grant execute on function event_store.readable to event_store_administrator;

-- Events with data and metadata as JSON, for people.
create view event_store.events_json as
select position, tenant, stream, revision, event_id, type, schema_version, recorded_at, redacted_at, number,
       case when position('"$'::bytea in data) > 0
            then event_store.readable(convert_from(data, 'UTF8')::jsonb, tenant)
            else convert_from(data, 'UTF8')::jsonb end as data,
       convert_from(metadata, 'UTF8')::jsonb as metadata
from event_store.all_events;
grant select on event_store.events_json to event_store_administrator;
