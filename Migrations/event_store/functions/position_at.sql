-- The position of the last event that was recorded at or before a time; 0 for none. Times follow the positions, and
-- these have no gaps: so it is found by halving.
drop function if exists event_store.position_at;
create function event_store.position_at(moment timestamptz) returns bigint
language plpgsql stable security definer set enable_seqscan = off set jit = off set search_path = pg_catalog as $$
declare
    lowest bigint := 0;
    highest bigint := event_store.head();
    middle bigint;
begin
    while lowest < highest loop
        middle := (lowest + highest + 1) / 2;
        if (select e.recorded_at from event_store.all_events e where e.position = middle) <= moment then
            lowest := middle;
        else
            highest := middle - 1;
        end if;
    end loop;
    return lowest;
end $$;

revoke all on function event_store.position_at from public;
grant execute on function event_store.position_at to event_store_service, event_store_administrator;
