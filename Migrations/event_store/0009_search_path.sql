-- The store's functions run with the rights of their owner: what they name is found where they say, never where a caller
-- may have put something of the same name.
do $$
declare
    called record;
begin
    for called in
        select p.oid::regprocedure as signature from pg_proc p
        where p.pronamespace = 'event_store'::regnamespace and p.prosecdef
    loop
        execute format('alter function %s set search_path = pg_catalog', called.signature);
    end loop;
end $$;
