import LibPQ

extension RebuildSchemas {
    /// $1 schema, which is first on the search path until the end of the transaction.
    static let enter = PostgresStatement(
        "select set_config('search_path', quote_ident($1) || ', ' || current_setting('search_path'), true)")

    /// $1 the schema of a new version. A table elsewhere that the transaction has written to, but for the engine's.
    static let strayWrites = PostgresStatement(
        """
        select c.oid::regclass::text
        from pg_locks l join pg_class c on c.oid = l.relation
        where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.mode = 'RowExclusiveLock'
            and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't'
            and c.relnamespace <> quote_ident($1)::regnamespace
            and c.oid not in ('checkpoints'::regclass, 'parked_events'::regclass)
        limit 1
        """)

    /// $1 schema of the new version, $2 of the previous one
    static let find = PostgresStatement(
        """
        select obj_description(to_regnamespace(quote_ident($1)), 'pg_namespace'),
               to_regnamespace(quote_ident($1)) is not null, to_regnamespace(quote_ident($2)) is not null
        """)

    /// $1 tables. Of each: its schema, what keeps it from being built beside itself, and the hash of its definition.
    static let inspect = PostgresStatement(
        """
        select w.name, n.nspname::text,
            case
                when c.relkind <> 'r' then 'is not an ordinary table'
                when c.relispartition or exists (select from pg_inherits where c.oid in (inhrelid, inhparent))
                    then 'inherits or is inherited from'
                when c.relrowsecurity then 'has row security'
                when c.relhasrules then 'has rules'
                when exists (select from pg_trigger where tgrelid = c.oid and not tgisinternal) then 'has triggers'
                when exists (select from pg_constraint where contype = 'f' and c.oid in (conrelid, confrelid))
                    then 'has foreign keys, or is referred to by one'
                when exists (
                    select from pg_depend where refclassid = 'pg_class'::regclass and refobjid = c.oid
                        and classid in ('pg_rewrite'::regclass, 'pg_proc'::regclass))
                    then 'is used by a view or a function that would keep to the old version'
                when exists (
                    select from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
                    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
                        and d.refobjid = c.oid and d.deptype = 'a')
                    then 'has a serial column, where an identity column could be carried over'
                when exists (select from pg_statistic_ext where stxrelid = c.oid) then 'has extended statistics'
                when exists (select from pg_publication_rel where prrelid = c.oid) then 'is published'
                when exists (select from pg_attribute where attrelid = c.oid and attacl is not null)
                    then 'has grants on single columns'
            end,
            md5(concat_ws(E'\\n', w.name, c.relpersistence, c.reloptions,
                (select string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                    a.attidentity, a.attgenerated, a.attcollation, pg_get_expr(d.adbin, d.adrelid)), E'\\n'
                    order by a.attnum)
                 from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
                (select string_agg(conname || ' ' || pg_get_constraintdef(oid), E'\\n' order by conname)
                 from pg_constraint where conrelid = c.oid),
                (select string_agg(pg_get_indexdef(indexrelid), E'\\n' order by pg_get_indexdef(indexrelid))
                 from pg_index where indrelid = c.oid and indisvalid)))
        from unnest($1::text[]) with ordinality as w (name, number)
        left join pg_class c on c.oid = to_regclass(quote_ident(w.name))
        left join pg_namespace n on n.oid = c.relnamespace
        order by w.number
        """)

    /// $1 tables, $2 schema. The statements that make the like of the tables there, in order. Keys come after the other
    /// indexes: as long as nothing is known of a table, PostgreSQL takes the youngest of those that look equally good.
    static let define = PostgresStatement(
        """
        with original as (
            select c.*, format('%I.%I', n.nspname, c.relname) as name, format('%I.%I', $2::text, c.relname) as copy
            from unnest($1::text[]) w (name) join pg_class c on c.oid = to_regclass(quote_ident(w.name))
            join pg_namespace n on n.oid = c.relnamespace)
        select definition from (
            select 1, format('create %stable %s (like %s including all excluding indexes)%s',
                case relpersistence when 'u' then 'unlogged ' else '' end, copy, name,
                ' with (' || array_to_string(reloptions, ', ') || ')')
            from original
            union all
            select 2, replace(pg_get_indexdef(i.indexrelid), ' ON ' || name || ' USING ', ' ON ' || copy || ' USING ')
            from original join pg_index i on i.indrelid = original.oid and i.indisvalid
            where not exists (
                select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
            union all
            select 3, format('alter table %s add constraint %I %s', copy, k.conname, pg_get_constraintdef(k.oid))
            from original join pg_constraint k on k.conrelid = original.oid and k.contype in ('p', 'u', 'x')
            union all
            select 4, format('alter table %s owner to %I', copy, pg_get_userbyid(relowner))
            from original where pg_get_userbyid(relowner) <> current_user
            union all
            select 5, format('grant %s on %s to %s%s', g.privilege_type, copy,
                case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
                case when g.is_grantable then ' with grant option' else '' end)
            from original, aclexplode(relacl) g where g.grantee <> relowner
        ) definitions (step, definition) order by step
        """)
}
