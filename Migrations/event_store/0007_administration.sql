-- What an administrator may do to events that are otherwise immutable. Every function here takes part in one transaction
-- of its caller.

-- The functions below open the door for the rest of their transaction; privileges keep everybody else from it.
create or replace function event_store.refuse_to_change_events() returns trigger language plpgsql as $$
begin
    if current_setting('event_store.administers', true) = 'yes' then
        return null;
    end if;
    raise exception 'events are immutable: % is refused', tg_op using errcode = 'insufficient_privilege',
        hint = 'Use redact_event, archive_events or restore_stream.';
end $$;

-- Every redaction, for ever.
create table event_store.redactions (
    position bigint primary key,
    reason text not null,
    actor text not null,
    redacted_at timestamptz not null
);
grant select on event_store.redactions to event_store_administrator;

-- Replaces the data of one event; the event and its place remain. Tells the readers with an event of its own, in the same
-- transaction. Answers with the position of the notice; for an event that was redacted before, nothing changes and the
-- answer is null. Raises no_data_found when there is no such event.
create function event_store.redact_event(
    tenant text, stream text, revision bigint, reason text, actor text,
    notice_stream text, notice_id uuid, notice_type text, notice_data bytea, notice_metadata bytea)
returns bigint language plpgsql security definer set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
    redacted constant bytea := convert_to('{"redacted": true}', 'UTF8');
    found_position bigint;
    was_redacted boolean;
begin
    -- The lock of the appends, taken first: two redactions of one event do not meet.
    perform pg_advisory_xact_lock(7226481);
    select e.position, e.redacted_at is not null into found_position, was_redacted
    from event_store.all_events e
    where e.tenant = redact_event.tenant and e.stream = redact_event.stream and e.revision = redact_event.revision;
    if found_position is null then
        raise exception 'stream % has no event of revision %', stream, revision using errcode = 'no_data_found';
    elsif was_redacted then
        return null;
    end if;
    perform set_config('event_store.administers', 'yes', true);
    update event_store.events e set data = redacted, redacted_at = clock_timestamp() where e.position = found_position;
    update event_store.archived_events e set data = redacted, redacted_at = clock_timestamp()
    where e.position = found_position;
    perform set_config('event_store.administers', '', true);
    -- A snapshot may have the data in its state.
    delete from event_store.snapshots s
    where s.tenant = redact_event.tenant and s.name = 'snap.' || redact_event.stream;
    insert into event_store.redactions values (found_position, reason, actor, clock_timestamp());
    return (
        select a.last_positions[1] from event_store.append_events(
            array[1], array[redact_event.tenant], array[notice_stream], array[-2], array[1],
            array[1], array[notice_id], array[notice_type], array[1], array[notice_data], array[notice_metadata],
            '{}', '{}', '{}') a);
end $$;

-- Moves events before a position into the archive, the oldest first and at most max_events of them; the log's last event
-- stays. Answers with how many were moved; call it until that is 0.
create function event_store.archive_events(before_position bigint, max_events bigint) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    moved bigint;
begin
    perform set_config('event_store.administers', 'yes', true);
    with gone as (
        delete from event_store.events
        where position in (
            select e.position from event_store.events e
            where e.position < least(before_position, event_store.head()) order by e.position limit max_events)
        returning *
    )
    insert into event_store.archived_events select * from gone;
    get diagnostics moved = row_count;
    perform set_config('event_store.administers', '', true);
    return moved;
end $$;

-- Moves the events of one stream back from the archive. Answers with how many there were.
create function event_store.restore_stream(tenant text, stream text) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
    moved bigint;
begin
    perform set_config('event_store.administers', 'yes', true);
    with back as (
        delete from event_store.archived_events e
        where e.tenant = restore_stream.tenant and e.stream = restore_stream.stream
        returning *
    )
    insert into event_store.events select * from back;
    get diagnostics moved = row_count;
    perform set_config('event_store.administers', '', true);
    return moved;
end $$;

-- Forgets the outcomes of commands that were handled before a time, at most max_commands of them. A command that comes
-- again after that is handled again.
create function event_store.purge_commands(before timestamptz, max_commands bigint) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off as $$
declare
    purged bigint;
begin
    delete from event_store.commands where (tenant, command_id) in (
        select c.tenant, c.command_id from event_store.commands c
        where c.recorded_at < before order by c.recorded_at limit max_commands);
    get diagnostics purged = row_count;
    return purged;
end $$;

revoke all on all functions in schema event_store from public;
grant execute on function
    event_store.redact_event, event_store.archive_events, event_store.restore_stream, event_store.purge_commands
    to event_store_administrator;
