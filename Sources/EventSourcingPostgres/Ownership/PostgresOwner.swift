import EventSourcing
public import FoundationEssentials
public import LibPQ

/// Who owns a resource, as a person asks for it.
public struct PostgresOwner: Hashable, Sendable {
    /// What is owned: a partition of a projection, for example.
    public let resource: String
    /// The process, as it has named itself.
    public let process: String
    /// When its process began to own it, by the server's clock.
    public let since: Date
    /// When it renewed its ownership for the last time.
    public let renewedAt: Date
    /// It has renewed lately. One that has not will be replaced by the next candidate.
    public let isAlive: Bool
}

extension PostgresOwnership {
    /// All owners whose sessions are there, by the names of their resources.
    ///
    /// - Parameters:
    ///   - client: of the read database.
    ///   - timing: that of the owners.
    public static func owners(in client: PostgresClient, timing: Timing = Timing()) async throws -> [PostgresOwner] {
        try await client.query(ownersWithSession, timing.candidateTimeout / .seconds(1)).map { row in
            let (resource, process, since, renewedAt, isAlive) = try row.decode(
                String.self, String.self, Date.self, Date.self, Bool.self)
            return PostgresOwner(
                resource: resource, process: process, since: since, renewedAt: renewedAt, isAlive: isAlive)
        }
    }

    /// $1 the timeout of the candidates in seconds
    private static let ownersWithSession = PostgresStatement(
        """
        select o.resource, o.owner, o.owned_since, o.heartbeat_at,
               o.heartbeat_at > clock_timestamp() - make_interval(secs => $1)
        from owners o
        join pg_stat_activity a on a.pid = o.backend_pid and a.backend_start = o.backend_start
        order by o.resource
        """)
}
