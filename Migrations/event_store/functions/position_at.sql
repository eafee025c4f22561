-- The position of the last event that was recorded at or before a time; 0 for none. Between the places in clock_jumps times
-- follow the positions, and these have no gaps: so it is found by halving, in the last of these stretches first.
drop function if exists event_store.position_at;
create function event_store.position_at(moment timestamptz) returns bigint
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    beginning bigint;
    lowest bigint;
    highest bigint := event_store.head();
    middle bigint;
begin
    for beginning in
        select j.position from event_store.clock_jumps j where j.position > 1 union all select 1 order by 1 desc
    loop
        lowest := beginning - 1;
        while lowest < highest loop
            middle := (lowest + highest + 1) / 2;
            if (select e.recorded_at from event_store.all_events e where e.position = middle) <= moment then
                lowest := middle;
            else
                highest := middle - 1;
            end if;
        end loop;
        exit when lowest >= beginning;
        highest := beginning - 1;
    end loop;
    return lowest;
end $$;

revoke all on function event_store.position_at from public;
grant execute on function event_store.position_at to event_store_service, event_store_administrator;
