-- Notes that the clock was set back before an event is appended. Answers with the time of the event, which is the clock's.
drop function if exists event_store.note_clock_jump;
create function event_store.note_clock_jump(at_position bigint, preceding timestamptz) returns timestamptz
language sql security definer set search_path = pg_catalog as $$
    insert into event_store.clock_jumps as j (position, recorded_at, preceding_recorded_at)
    values (at_position, clock_timestamp(), preceding)
    on conflict (position) do update
        set recorded_at = excluded.recorded_at, preceding_recorded_at = excluded.preceding_recorded_at
    returning j.recorded_at
$$;

revoke all on function event_store.note_clock_jump from public;
