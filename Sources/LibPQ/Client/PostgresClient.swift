public import CoreMetrics
public import Logging
public import ServiceLifecycle

/// A client of one PostgreSQL database: a few connections in pipeline mode that all tasks share, and a pool of
/// connections that are leased to transactions.
///
/// It connects when the first request needs it, and works with or without a service group: ``run()`` only waits for
/// the graceful shutdown, and then closes it. An instance takes one thread.
public final class PostgresClient: Service, Sendable {
    /// What the client was made with.
    public let configuration: PostgresConfiguration
    let pool: PostgresPoolConfiguration
    let mailbox: Mailbox
    /// In milliseconds, as every request needs them.
    let (writeTimeout, readTimeout): (Int64?, Int64?)
    private let metrics: ClientMetrics

    /// - Parameters:
    ///   - logger: For what concerns no single request: connections lost, refused and made again.
    ///   - metrics: Makes the metrics that <doc:LibPQ> lists.
    /// - Precondition: The process has a thread and two file descriptors to spare.
    public init(
        _ configuration: PostgresConfiguration, pool: PostgresPoolConfiguration = PostgresPoolConfiguration(),
        logger: Logger = .current, metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.configuration = configuration
        self.pool = pool
        writeTimeout = configuration.requestTimeout?.milliseconds
        readTimeout = configuration.readTimeout?.milliseconds ?? writeTimeout
        let metrics = ClientMetrics(client: configuration.applicationName, metrics)
        self.metrics = metrics
        let mailbox = Mailbox(pool)
        self.mailbox = mailbox
        let hasThread = startThread { Poller(mailbox: mailbox, configuration, pool, logger, metrics).run() }
        precondition(hasThread, "no thread is left for a PostgreSQL client")
    }

    deinit { mailbox.beginClosing() }
}

// MARK: - Leases

extension PostgresClient {
    private func lease() async throws -> Lease {
        let start = ContinuousClock.now
        defer { metrics.recordWait(.now - start, for: .leases) }
        return try await Lease(
            mailbox, timeout: pool.leaseTimeout, requestTimeout: configuration.leasedRequestTimeout?.milliseconds)
    }

    /// Runs `body` in a transaction on a connection of its own: `COMMIT` when it returns, `ROLLBACK` when it throws or
    /// the task is cancelled. `BEGIN` travels with the first statement; without one, nothing is sent.
    ///
    /// - Throws: What `body` throws; ``PostgresError/Code/poolTimeout``; ``PostgresError/Code/outcomeUnknown`` if the
    ///   connection is lost during `COMMIT`; ``PostgresError/Code/rolledBack`` if the server rolled back because
    ///   `body` had swallowed the failure of a statement.
    public func transaction<Answer>(
        isolation: PostgresIsolation? = nil, isReadOnly: Bool = false,
        _ body: (borrowing PostgresTransaction) async throws -> Answer
    ) async throws -> Answer {
        let lease = try await lease()
        let answer: Answer
        do {
            answer = try await lease.session.transaction(TransactionMode(isolation, isReadOnly: isReadOnly), body)
        } catch {
            await lease.reclaim(reset: false)
            throw error
        }
        lease.giveBack()
        return answer
    }

    /// Lends `body` a connection of its own, for what belongs to a session: settings, session locks, temporary tables,
    /// scripts. The session's state is discarded afterwards.
    public func withConnection<Answer>(
        _ body: (borrowing PostgresConnection) async throws -> Answer
    ) async throws -> Answer {
        let lease = try await lease()
        let answer: Answer
        do {
            answer = try await body(PostgresConnection(lease.session))
        } catch {
            await lease.reclaim(reset: true)
            throw error
        }
        await lease.reclaim(reset: true)
        return answer
    }
}

// MARK: - Notifications

extension PostgresClient {
    /// Listens on a channel, on a connection that all listeners of the client share.
    ///
    /// It yields ``PostgresNotification/listening`` first, and again whenever it had to reconnect. It ends when the
    /// client is closed, and throws if connecting fails permanently (a wrong password). Of what is not consumed, the last
    /// 4,096 are kept.
    public func notifications(on channel: String) -> some AsyncSequence<PostgresNotification, any Error> & Sendable {
        AsyncThrowingStream(bufferingPolicy: .bufferingNewest(4096)) { stream in
            mailbox.subscribe(to: channel, stream)
        }
    }
}

// MARK: - Losses

extension PostgresClient {
    /// Calls `body` whenever a connection is lost, before its requests are answered and before another one is made in its
    /// place: the next one may find a server that has lost commits, in a crash or a fail-over.
    ///
    /// - Parameter body: must be short, and must not wait: all connections of the client wait for it.
    public func whenConnectionIsLost(_ body: @escaping @Sendable () -> Void) {
        mailbox.whenConnectionIsLost(body)
    }
}

// MARK: - The end

extension PostgresClient {
    /// Waits until the service group shuts down gracefully, or the task is cancelled, and then closes the client.
    public func run() async throws {
        try? await gracefulShutdown()
        await close()
    }

    /// Refuses new requests, finishes those that were accepted, and closes the connections.
    public func close() async {
        mailbox.beginClosing()
        await mailbox.closed()
    }
}
