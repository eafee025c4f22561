-- The data of an event's job, as Job(for:) of EventSourcing has it. Bytes that are no JSON are in Base64.
drop function if exists event_store.event_as_job;
create function event_store.event_as_job(
    "position" bigint, revision bigint, recorded_at timestamptz, event_id uuid, type text, data bytea, metadata bytea,
    number bigint, tenant text, stream text)
returns jsonb language plpgsql stable set search_path = pg_catalog as $$
declare
    payload constant jsonb := event_store.json_or_null(data);
    context constant jsonb := event_store.json_or_null(metadata);
begin
    return jsonb_build_object(
        'eventId', event_id, 'type', type, 'tenant', tenant, 'stream', stream, 'revision', revision,
        'position', "position",
        'recordedAt', to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || case when payload is null
            then jsonb_build_object('payloadBase64', translate(encode(data, 'base64'), e'\n', ''))
            else jsonb_build_object('payload', payload) end
    || case when context is null
            then jsonb_build_object('metadataBase64', translate(encode(metadata, 'base64'), e'\n', ''))
            else jsonb_build_object('metadata', context) end
    || case when number is null then '{}' else jsonb_build_object('number', number) end;
end $$;

revoke all on function event_store.event_as_job from public;
