-- Corrects the times of events that were recorded by a wrong clock, from a position to another, both included. Answers with
-- how many events that were. What is corrected, and why, is kept in time_corrections.
--
--   shift     what is added to their times: minus 30 days where the clock was ahead by 30 days
--   clock     which clock was wrong: 'store' for the times of recording, 'writers' for the times of occurrence that the
--             metadata tells, or 'both'
--
-- What an event itself says, its data, stays as it is. Processes that run hold the times of their last events in memory, and
-- show the corrected ones where they read them from here.
drop function if exists event_store.correct_times;
create function event_store.correct_times(
    first_position bigint, last_position bigint, shift interval, clock text, reason text) returns bigint
language plpgsql security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    in_store constant boolean := correct_times.clock in ('store', 'both');
    in_metadata constant boolean := correct_times.clock in ('writers', 'both');
    archive regclass;
    corrected bigint := 0;
    moved bigint;
begin
    -- The lock of the appends: no event comes between the corrected ones and the next.
    perform pg_advisory_xact_lock(7226481);
    if first_position is null or last_position is null or shift is null or reason !~ '\S' is not false
        or (in_store or in_metadata) is not true then
        raise exception 'a first and a last position, a shift, a clock (store, writers or both) and a reason are needed'
            using errcode = 'invalid_parameter_value';
    elsif first_position < 1 or first_position > last_position or last_position > event_store.head() then
        raise exception 'positions from % to %: the log has those from 1 to %', first_position, last_position,
            event_store.head() using errcode = 'invalid_parameter_value';
    end if;
    perform set_config('event_store.administers', 'yes', true);
    foreach archive in array array['event_store.events', 'event_store.archived_events']::regclass[] loop
        execute format(
            $update$
            update %s e set
                recorded_at = case when $4 then e.recorded_at + $3 else e.recorded_at end,
                metadata = case when $5 and position('"occurredAt"'::bytea in e.metadata) > 0
                    then event_store.with_time_shifted(e.metadata, $3) else e.metadata end
            where e.position between $1 and $2
            $update$, archive)
        using first_position, last_position, shift, in_store, in_metadata;
        get diagnostics moved = row_count;
        corrected := corrected + moved;
    end loop;
    perform set_config('event_store.administers', '', true);
    if in_store then
        update event_store.commands c set recorded_at = c.recorded_at + shift
        where c.position between first_position and last_position;
        delete from event_store.clock_jumps j where j.position between first_position and last_position + 1;
        insert into event_store.clock_jumps (position, recorded_at, preceding_recorded_at)
        select t.position, t.recorded_at, t.preceding
        from (
            select e.position, e.recorded_at, lag(e.recorded_at) over (order by e.position) as preceding
            from event_store.all_events e
            where e.position between first_position - 1 and last_position + 1) t
        where t.recorded_at < t.preceding;
    end if;
    insert into event_store.time_corrections (first_position, last_position, clock, shift, reason, actor)
    values (correct_times.first_position, correct_times.last_position, correct_times.clock, correct_times.shift,
            correct_times.reason, session_user);
    return corrected;
end $$;

revoke all on function event_store.correct_times from public;
grant execute on function event_store.correct_times to event_store_administrator;
