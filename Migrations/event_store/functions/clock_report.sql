-- What the server's clock says, and what the log says of it: the time of its last event, and where its times step back.
drop function if exists event_store.clock_report;
create function event_store.clock_report(
    out clock timestamptz, out jumps bigint, out last_jump bigint, out last_jump_recorded_at timestamptz,
    out last_jump_preceding_recorded_at timestamptz)
language sql stable security definer set jit = off set search_path = pg_catalog as $$
    select clock_timestamp(), (select count(*) from event_store.clock_jumps), j.position, j.recorded_at,
           j.preceding_recorded_at
    from (values (true)) always left join (
        select * from event_store.clock_jumps order by position desc limit 1) j on true
$$;

revoke all on function event_store.clock_report from public;
grant execute on function event_store.clock_report to event_store_service, event_store_administrator;
