public import Logging
public import ServiceLifecycle
import Synchronization

/// Reports the sessions whose locks block an application: each once in the log, and on request.
///
/// It looks when a request has not been answered for half a second, and then at intervals until there is no such lock. At any
/// other time it sends nothing to the server.
public final class PostgresLockWatch: Service {
    /// A lock that blocks, from when it was first found until its holder's transaction has ended.
    private struct Incident {
        var blockade: PostgresBlockade
        let since: ContinuousClock.Instant
        var stopsReads: Bool
    }

    private let client: PostgresClient
    private let vital: PostgresVitalLocks
    private let interval: Duration
    private let logger: Logger
    private let incidents = Mutex<[PostgresBlockade.Holder: Incident]>([:])

    /// - Parameters:
    ///   - client: the client whose sessions may be blocked. A look uses two of its connections.
    ///   - database: its name in the log.
    ///   - vital: the locks that are reported even when no session waits for them.
    ///   - interval: between two looks while a lock blocks.
    public init(
        _ client: PostgresClient, database: String, vital: PostgresVitalLocks, interval: Duration = .seconds(2),
        logger: Logger
    ) {
        self.client = client
        self.vital = vital
        self.interval = interval
        var logger = logger
        logger[metadataKey: "database"] = "\(database)"
        self.logger = logger
    }

    /// Watches until the task is cancelled or the service shut down.
    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            for await _ in client.mailbox.slowRequests {
                // If the server does not answer, the requests that wait for it report that.
                repeat {
                    _ = try? await look()
                    guard incidents.withLock({ !$0.isEmpty }) else { break }
                } while (try? await Task.sleep(for: interval)) != nil
            }
        }
    }

    /// Finds the locks that block.
    ///
    /// - Parameter timeout: for the look.
    /// - Returns: each of them, and for how long it has been known.
    /// - Throws: ``PostgresError`` when the server does not answer.
    public func look(timeout: Duration = .seconds(5)) async throws -> [PostgresBlockade] {
        let known = incidents.withLock { Array($0.keys) }
        let (found, lasting) = try await client.blockades(of: vital, known: known, timeout: timeout)
        return incidents.withLock { incidents in
            for blockade in found { meet(blockade, in: &incidents) }
            let present = lasting.union(found.map(\.holder))
            // Another look may have found others in the meantime.
            for holder in known where !present.contains(holder) { end(holder, in: &incidents) }
            return incidents.values.map { incident in
                incident.blockade.lasting(.now - incident.since, stopsReads: incident.stopsReads)
            }
        }
    }

    private func meet(
        _ blockade: PostgresBlockade, in incidents: inout [PostgresBlockade.Holder: Incident]
    ) {
        if incidents[blockade.holder] != nil {
            if blockade.stopsReads { incidents[blockade.holder]?.stopsReads = true }
            return
        }
        incidents[blockade.holder] = Incident(
            blockade: blockade, since: .now - blockade.duration, stopsReads: blockade.stopsReads)
        logger.warning(
            "Another session holds a lock that is in the way; end its transaction, or pg_terminate_backend",
            metadata: blockade.metadata)
    }

    private func end(
        _ holder: PostgresBlockade.Holder, in incidents: inout [PostgresBlockade.Holder: Incident]
    ) {
        guard let incident = incidents.removeValue(forKey: holder) else { return }
        var metadata = incident.blockade.metadata
        metadata["postgres.lock.seconds"] = "\((.now - incident.since).components.seconds)"
        logger.notice("The lock is no longer in the way", metadata: metadata)
    }
}

extension PostgresBlockade {
    fileprivate func lasting(_ duration: Duration, stopsReads: Bool) -> PostgresBlockade {
        PostgresBlockade(
            holder: holder, user: user, application: application, state: state, lock: lock, stopsReads: stopsReads,
            duration: duration)
    }

    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "postgres.lock": "\(lock)", "postgres.lock.seconds": "\(duration.components.seconds)",
            "postgres.holder.pid": "\(holder.processID)",
        ]
        if let user { metadata["postgres.holder.user"] = "\(user)" }
        if let application { metadata["postgres.holder.application"] = "\(application)" }
        if let state { metadata["postgres.holder.state"] = "\(state)" }
        return metadata
    }
}
