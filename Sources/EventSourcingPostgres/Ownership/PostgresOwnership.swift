public import EventSourcing
public import LibPQ
public import Logging
public import ServiceLifecycle
import Synchronization

/// Ownership among processes that share a PostgreSQL database, which was migrated with `Migrations/read_db`.
///
/// A session advisory lock says who owns a resource (PostgreSQL manual, "Advisory Locks"); one session serves all
/// resources of a process. When a process dies, its session and its locks go with it. One that is stopped or cut off
/// stops renewing its rows in `owners`; a candidate who sees that ends its session. See <doc:OwnershipByLock>.
///
/// ``own(_:_:)`` waits until ``run()`` runs. The database's role needs the right to end sessions of its own, which
/// every role has; between client and server there must be no pooler that shares sessions.
public final class PostgresOwnership: Ownership, Service {
    /// Who is given up when.
    public struct Timing: Sendable {
        /// How often an owner renews and a candidate tries; varied by a quarter, so that candidates do not collide.
        public var interval: Duration = .seconds(1)
        /// For how long after the last renewal that was answered an owner believes that it owns.
        public var ownerTimeout: Duration = .milliseconds(2_500)
        /// For how long after the last renewal candidates believe it; longer than `ownerTimeout`, so that the owner's
        /// body has the difference to end in.
        public var candidateTimeout: Duration = .milliseconds(3_500)

        /// The defaults, with which another process takes over within four seconds.
        public init() {}
    }

    private let client: PostgresClient
    private let process: String
    private let timing: Timing
    private let logger: Logger
    private let claims = Mutex(OwnershipClaims())
    /// Counts what changes the claims from outside.
    private let changes = PositionSignal()
    private let isEnding = Atomic(false)

    /// - Parameters:
    ///   - process: a name of this process for people who look at `owners`, such as its host and number.
    ///   - client: of the read database; one of its leased connections is in use as long as anything is wanted.
    public init(for process: String, in client: PostgresClient, timing: Timing = Timing(), logger: Logger) {
        precondition(timing.ownerTimeout < timing.candidateTimeout, "an owner has to give up first")
        self.process = process
        self.client = client
        self.timing = timing
        self.logger = logger
    }

    /// See ``/EventSourcing/Ownership/own(_:_:)``.
    public func own<Result: Sendable>(
        _ resource: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let turn = OwnershipTurn(at: resource)
        change { $0.enter(turn) }
        defer { change { $0.leave(turn) } }
        try await turn.wait()
        return try await turn.use(body)
    }

    private func change(_ body: (inout OwnershipClaims) -> Void) {
        claims.withLock { body(&$0) }
        announceChange()
    }

    private func announceChange() { changes.advance(to: changes.position.following) }
}

// MARK: - Running

extension PostgresOwnership {
    /// Competes for what is wanted, until graceful shutdown; then it lets go of what its owners are done with.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await competeUntilTheEnd()
        } onGracefulShutdown: {
            self.isEnding.store(true, ordering: .relaxed)
            self.announceChange()
        }
    }

    private func competeUntilTheEnd() async {
        var failures = 0
        while !Task.isCancelled {
            let seen = changes.position
            do {
                if claims.withLock(\.step).isEmpty {
                    if isEnding.load(ordering: .relaxed) { return }
                    _ = try await changes.wait(until: seen.following, atMost: .seconds(60))
                } else if isEnding.load(ordering: .relaxed), claims.withLock(\.step.released).isEmpty {
                    return
                } else {
                    try await client.withConnection { try await compete(on: $0) { failures = 0 } }
                }
            } catch {
                if Task.isCancelled { return }
                failures += 1
                logger.log(
                    level: failures == 1 ? .warning : .debug, "Cannot compete for ownership, trying again",
                    metadata: ["error": "\(error)", "failures": "\(failures)"])
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Takes step after step in one session, until nothing is wanted and nothing held.
    private func compete(
        on connection: borrowing PostgresConnection, afterEachStep succeeded: () -> Void
    ) async throws {
        defer { loseSession() }
        var renewedAt = ContinuousClock.now
        while true {
            let seen = changes.position
            let step = claims.withLock(\.step)
            if step.isEmpty || isEnding.load(ordering: .relaxed) && step.released.isEmpty { return }
            let sentAt = ContinuousClock.now
            let timeLeft = timing.ownerTimeout - (step.held.isEmpty ? .zero : sentAt - renewedAt)
            guard timeLeft > .zero else { throw RenewalTimedOut() }
            let gained = try await connection.query(
                Self.competeForResources, process, step.released, step.wanted, step.held,
                timing.candidateTimeout / .seconds(1), timeout: timeLeft
            ).map { try $0.decode(String.self) }
            renewedAt = sentAt
            succeeded()
            claims.withLock { $0.took(step, gaining: gained) }
            _ = try await changes.wait(until: seen.following, atMost: pause)
        }
    }

    private func loseSession() {
        let lost = claims.withLock { claims in
            defer { claims.lostSession() }
            return claims.held
        }
        guard !lost.isEmpty else { return }
        logger.warning("Lost the ownership", metadata: ["ownership.resources": "\(lost.joined(separator: ", "))"])
    }

    private var pause: Duration { timing.interval * Double.random(in: 0.75...1.25) }

    /// $1 process, $2 released, $3 wanted, $4 held, $5 the timeout of the candidates in seconds
    private static let competeForResources = PostgresStatement(
        "select * from compete_for_resources($1, $2, $3, $4, make_interval(secs => $5))")
}

/// The process did not get to renew in time: it was stopped, or had too much to do.
private struct RenewalTimedOut: Error, CustomStringConvertible {
    var description: String { "the ownership was not renewed in time" }
}

extension Position {
    fileprivate var following: Position { Position(rawValue + 1) }
}
