-- Replaces the data of one event and takes its tags away; the event and its place remain. Tells the readers with an event of its own, in the same
-- transaction. Answers with the position of the notice; for an event that was redacted before, nothing changes and the
-- answer is null. Raises no_data_found when there is no such event.
drop function if exists event_store.redact_event;
create function event_store.redact_event(
    tenant text, stream text, revision bigint, reason text, actor text,
    notice_stream text, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea)
returns bigint language plpgsql security definer set enable_seqscan = off set jit = off
set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    redacted constant bytea := convert_to('{"redacted": true}', 'UTF8');
    found_position bigint;
    was_redacted boolean;
    found_tags text;
begin
    -- The lock of the appends, taken first: two redactions of one event do not meet.
    perform pg_advisory_xact_lock(7226481);
    select e.position, e.redacted_at is not null, e.tags into found_position, was_redacted, found_tags
    from event_store.all_events e
    where e.tenant = redact_event.tenant and e.stream = redact_event.stream and e.revision = redact_event.revision;
    if found_position is null then
        raise exception 'stream % has no event of revision %', stream, revision using errcode = 'no_data_found';
    elsif was_redacted then
        return null;
    end if;
    perform set_config('event_store.administers', 'yes', true);
    update event_store.events e set data = redacted, tags = null, redacted_at = clock_timestamp()
    where e.position = found_position;
    update event_store.archived_events e set data = redacted, tags = null, redacted_at = clock_timestamp()
    where e.position = found_position;
    delete from event_store.event_tags t
    where t.tenant = redact_event.tenant and t.tag = any (string_to_array(found_tags, ' '))
      and t.position = found_position;
    perform set_config('event_store.administers', '', true);
    -- A snapshot may have the data in its state.
    delete from event_store.snapshots s
    where s.tenant = redact_event.tenant and s.name = 'snap.' || redact_event.stream;
    insert into event_store.redactions values (found_position, reason, actor, clock_timestamp());
    return (
        select a.head + 1 from event_store.append_events(
            part_entries => array[1], part_streams => array[notice_stream], part_expected => array[-2],
            part_offsets => array[0], command_ids => '{}', command_hashes => '{}', command_outcomes => '{}',
            event_parts => array[1], event_ids => array[notice_id], event_types => array[notice_type],
            event_schema_versions => array[1], event_data => array[notice_data],
            event_metadata => array[notice_metadata], event_sequences => '{}') a);
end $$;

revoke all on function event_store.redact_event from public;
grant execute on function event_store.redact_event to event_store_administrator;
