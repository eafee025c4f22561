-- A step of a process that competes for resources, in the session that holds its locks: it releases some, tries to get
-- the wanted ones, and renews the heartbeat of all that it has then. Returns the wanted ones that it got. An owner
-- without a heartbeat for longer than patience is ended, if it is still the session that has the lock.
create or replace function compete_for_resources(
    process text, released text[], wanted text[], held text[], patience interval)
returns setof text language plpgsql as $$
declare
    name text;
    got text[] := '{}';
begin
    delete from owners where resource = any (released) and backend_pid = pg_backend_pid();
    perform pg_advisory_unlock(ownership_key(r)) from unnest(released) r;

    foreach name in array wanted loop
        if not pg_try_advisory_lock(ownership_key(name)) then
            -- With a lock in two halves, as pg_locks shows it.
            perform pg_terminate_backend(o.backend_pid, 500)
            from owners o
            join pg_stat_activity a on a.pid = o.backend_pid and a.backend_start = o.backend_start
            join pg_locks l on l.pid = o.backend_pid and l.granted and l.locktype = 'advisory' and l.objsubid = 1
                and l.database = (select d.oid from pg_database d where d.datname = current_database())
                and l.classid::bigint << 32 | l.objid::bigint = o.lock_key
            where o.resource = name and o.heartbeat_at < clock_timestamp() - patience;
            continue when not found or not pg_try_advisory_lock(ownership_key(name));
        end if;
        got := got || name;
    end loop;

    insert into owners as o (resource, lock_key, owner, backend_pid, backend_start)
    select r, ownership_key(r), process, a.pid, a.backend_start
    from unnest(got || held) r, pg_stat_activity a
    where a.pid = pg_backend_pid()
    on conflict (resource) do update set
        owner = excluded.owner, backend_pid = excluded.backend_pid, backend_start = excluded.backend_start,
        owned_since = case when o.backend_pid = excluded.backend_pid and o.backend_start = excluded.backend_start
                      then o.owned_since else excluded.owned_since end,
        heartbeat_at = excluded.heartbeat_at;
    return query select unnest(got);
end $$;
