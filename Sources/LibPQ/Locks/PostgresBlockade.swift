/// A lock of another session that is in the way: sessions of the client's application wait for it, or would.
public struct PostgresBlockade: Sendable {
    /// The session that holds the lock. In a chain of waiting sessions, it is the one that does not wait.
    public struct Holder: Hashable, Sendable {
        /// The process of the server that the session has; 0 for a prepared transaction.
        public let processID: Int32
        /// The virtual id of its transaction, by which the next one of the same session is told from it.
        public let transaction: String
    }

    /// Who holds the lock.
    public let holder: Holder
    /// The role of the holder, where it is known.
    public let user: String?
    /// The application of the holder, where it is known.
    public let application: String?
    /// Such as `idle in transaction`; nil where the client may not see it.
    public let state: String?
    /// What is waited for, or held, in words.
    public let lock: String
    /// Whether reads have to wait.
    public let stopsReads: Bool
    /// For how long it has been waited for, or held.
    public let duration: Duration
}

/// Which locks stop an application even while no session waits for them.
public struct PostgresVitalLocks: Sendable {
    /// Keys of advisory locks that it takes.
    public var advisory: [Int64]
    /// The schema whose tables it uses.
    public var schema: String
    /// Whether it writes to these tables with every request; otherwise only what stops reads is in the way.
    public var includesWrites: Bool

    /// Names the locks without which a client can do nothing.
    public init(advisory: [Int64] = [], schema: String, includesWrites: Bool) {
        self.advisory = advisory
        self.schema = schema
        self.includesWrites = includesWrites
    }
}

extension PostgresClient {
    /// Looks which locks of other sessions are in the way of sessions with the client's application name in its database:
    /// those that they have been waiting for for half a second, and vital ones that have been held for a second.
    ///
    /// It takes none of the shared connections, which may be waiting themselves. Who holds a vital lock without anybody
    /// waiting for it is found where the client's user may see since when the holder's transaction runs.
    ///
    /// - Parameters:
    ///   - vital: those that count without anybody waiting for them.
    ///   - known: holders that were found before; they are told again as long as their transactions last.
    ///   - timeout: for the look itself.
    func blockades(
        of vital: PostgresVitalLocks, known: [PostgresBlockade.Holder], timeout: Duration
    ) async throws -> (found: [PostgresBlockade], lasting: Set<PostgresBlockade.Holder>) {
        try await transaction(isReadOnly: true) { transaction in
            // As the user who has logged in: the role may not see the activity of others.
            try await transaction.execute(Self.asUser(), timeout: timeout)
            let found = try await transaction.query(
                Self.waitsAndHolds, vital.advisory, vital.schema,
                vital.includesWrites ? Self.modesInTheWay : ["AccessExclusiveLock"], timeout: timeout
            ).map(PostgresBlockade.init)
            guard !known.isEmpty else { return (found, []) }
            let lasting = try await transaction.query(
                Self.lastingTransactions, known.map(\.processID), known.map(\.transaction), timeout: timeout
            ).map { row in
                let (processID, transaction) = try row.decode(Int32.self, String.self)
                return PostgresBlockade.Holder(processID: processID, transaction: transaction)
            }
            return (found, Set(lasting))
        }
    }

    private static let asUser: PostgresStatement = "set local role none"

    /// Of tables that are written to.
    private static let modesInTheWay = [
        "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock",
    ]

    /// $1 keys of advisory locks, $2 the schema of the tables, $3 the modes of locks on them
    ///
    /// `pg_blocking_pids` is called once for each waiting session, since it stops the lock manager for a moment.
    private static let waitsAndHolds = PostgresStatement(
        """
        with recursive locks as materialized (
            select l.*, case l.locktype
                    when 'relation' then l.mode || ' on ' || l.relation::regclass
                    when 'tuple' then 'a row of ' || l.relation::regclass
                    when 'advisory' then 'advisory lock ' || ((l.classid::bigint << 32) | l.objid::bigint)
                    when 'transactionid' then 'a row that its transaction has locked'
                    else l.locktype end as description
            from pg_locks l
            where l.database is null or l.database in (
                0, (select d.oid from pg_database d where d.datname = current_database()))
        ), edges as materialized (
            select w.pid, b.blocker
            from (select distinct pid from locks where not granted) w
            cross join unnest(pg_blocking_pids(w.pid)) b (blocker)
        ), waits as (
            select l.pid, l.description, l.mode, extract(epoch from clock_timestamp() - l.waitstart) as seconds
            from locks l join pg_stat_activity a on a.pid = l.pid
            where not l.granted and a.datname = current_database()
                and a.application_name = current_setting('application_name')
        ), chains (waiter, blocker) as (
            select w.pid, e.blocker from waits w join edges e on e.pid = w.pid
            union
            select c.waiter, e.blocker from chains c join edges e on e.pid = c.blocker
        ), found as (
            select c.blocker as pid, w.description, w.mode = 'AccessShareLock' as stops_reads, w.seconds
            from waits w join chains c on c.waiter = w.pid
            where w.seconds >= 0.4 and not exists (select from edges e where e.pid = c.blocker)
            union all
            select l.pid, l.description, l.mode = 'AccessExclusiveLock',
                   extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.state_change))
            from locks l join pg_stat_activity a on a.pid = l.pid
            where l.granted and clock_timestamp() - coalesce(a.xact_start, a.state_change) >= '1 second'
                and l.pid <> pg_backend_pid() and not exists (select from edges e where e.pid = l.pid)
                and (l.locktype = 'advisory' and l.objsubid = 1
                        and ((l.classid::bigint << 32) | l.objid::bigint) = any ($1)
                    or l.locktype = 'relation' and l.mode = any ($3) and l.relation in (
                        select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = $2 and c.relkind in ('r', 'p')))
        )
        select f.pid, coalesce(min(t.virtualtransaction), ''), min(a.usename::text), min(a.application_name),
               min(a.state), (array_agg(f.description order by f.seconds desc))[1], bool_or(f.stops_reads),
               max(f.seconds)::float8
        from found f
        left join pg_stat_activity a on a.pid = f.pid
        left join locks t on t.pid = f.pid and t.granted
        group by f.pid
        order by 8 desc
        """)

    /// $1 processes, $2 the virtual ids of their transactions
    private static let lastingTransactions = PostgresStatement(
        """
        select distinct l.pid, l.virtualtransaction
        from unnest($1, $2) k (pid, transaction)
        join pg_locks l on l.pid = k.pid and l.virtualtransaction = k.transaction
        """)
}

extension PostgresBlockade {
    fileprivate init(_ row: PostgresRow) throws {
        let (processID, transaction, user, application, state, lock, stopsReads, seconds) = try row.decode(
            Int32.self, String.self, String?.self, String?.self, String?.self, String.self, Bool.self, Double.self)
        self.init(
            holder: Holder(processID: processID, transaction: transaction), user: user, application: application,
            state: state, lock: lock, stopsReads: stopsReads, duration: .seconds(seconds))
    }
}
