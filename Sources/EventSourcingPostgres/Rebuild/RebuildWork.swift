import EventSourcing
import FoundationEssentials
import LibPQ
import Logging

/// One run of a rebuild, from where the new version is to where it can be compared and switched.
struct RebuildWork: Sendable {
    let rebuild: PostgresProjectionRebuild
    let tables: RebuildSchemas.Live
    /// The old version is of the event store that is there: it says how far the new one has to come. Otherwise that is
    /// the head of the log.
    let isComparable: Bool
    /// Where the new version was when the run began, at `startedAt`.
    let start: Position
    let startedAt = ContinuousClock.now
    let report: @Sendable (ProjectionRebuildProgress) -> Void

    init(
        rebuild: PostgresProjectionRebuild, tables: RebuildSchemas.Live, isComparable: Bool, start: Position,
        report: @escaping @Sendable (ProjectionRebuildProgress) -> Void
    ) {
        self.rebuild = rebuild
        self.tables = tables
        self.isComparable = isComparable
        self.start = start
        self.report = report
    }

    private var client: PostgresClient { rebuild.live.client }

    /// Compares both versions at one position, and holds the old one there only for the moment that a snapshot takes.
    func compare() async throws -> [ProjectionRebuildOutcome.Table] {
        try await client.transaction(isolation: .repeatableRead, isReadOnly: true) { snapshot in
            let position = try await meet(for: .comparing) { _ in
                // The first statement takes the snapshot, which both versions stay in.
                _ = try await snapshot.query(Self.look)
            }
            tell(.comparing, position, of: position)
            return try await rebuild.schemas.contents(in: tables, snapshot)
        }
    }

    /// Puts the new version in the place of the old one, in one transaction.
    func exchange() async throws {
        try await approach()
        try await client.transaction { try await rebuild.schemas.analyze(in: $0) }
        let position = try await exchangeSurely()
        tell(.switching, position, of: position)
        rebuild.logger.notice(
            "Projection rebuilt",
            metadata: ["projection.name": "\(rebuild.live.name)", "position": "\(position)"])
    }

    /// Exchanges the versions; where the connection was lost at the commit, looks whether that has happened.
    private func exchangeSurely() async throws -> Position {
        for _ in 1...Self.attempts {
            do {
                return try await exchangeOnce()
            } catch let error as PostgresError where error.code == .outcomeUnknown {
                if try await isExchanged() { return try await rebuild.live.layout().position }
            }
        }
        throw ProjectionRebuildRefused(rebuild.live.name, .busy)
    }

    private func exchangeOnce() async throws -> Position {
        try await meet(for: .switching) { transaction in
            try await rebuild.schemas.lock(tables, in: transaction)
            guard try await rebuild.schemas.live(in: transaction) == tables else {
                throw ProjectionRebuildRefused(rebuild.live.name, .tablesChanged)
            }
            try await rebuild.schemas.exchange(with: tables, in: transaction)
            let (name, new) = (rebuild.live.name, rebuild.name)
            try await transaction.execute(RebuildCheckpoints.take, name, new)
            try await transaction.execute(RebuildCheckpoints.forgetParked, name)
            try await transaction.execute(RebuildCheckpoints.takeParked, name, new)
            try await transaction.execute(RebuildCheckpoints.forget, new)
        }
    }

    /// Whether a switch has happened whose commit was not confirmed.
    ///
    /// - Throws: ``/EventSourcing/ProjectionRebuildUncertain`` when the database does not say.
    private func isExchanged() async throws -> Bool {
        for attempt in 1...Self.attempts {
            do {
                return try await client.transaction { transaction in
                    // Waits for the transaction, which may still go on without its client.
                    _ = try await transaction.query(RebuildCheckpoints.limitWaiting)
                    _ = try await transaction.query(Checkpoints.hold, rebuild.live.name)
                    let present = try await rebuild.schemas.present(in: transaction)
                    return present.hasPrevious && !present.hasNew
                }
            } catch let error as PostgresError where error.isTransient && attempt < Self.attempts {
                try await Task.sleep(for: .milliseconds(100 * attempt))
            } catch {
                rebuild.logger.error("The switch is uncertain", metadata: ["error": "\(error)"])
                break
            }
        }
        throw ProjectionRebuildUncertain(rebuild.live.name)
    }

    func tell(_ phase: ProjectionRebuildProgress.Phase, _ position: Position, of goal: Position) {
        report(ProjectionRebuildProgress(phase, from: start, to: position, of: goal, in: .now - startedAt))
    }

    private static let look = PostgresStatement("select 1 from checkpoints limit 1")
}

// MARK: - Both versions at one position

extension RebuildWork {
    /// Runs `body` while both versions are at the same positions: in a transaction that holds the old one there, and
    /// that the new one was brought up to. The old one is held for at most two seconds before that.
    ///
    /// - Returns: the position.
    private func meet(
        for phase: ProjectionRebuildProgress.Phase, _ body: (borrowing PostgresTransaction) async throws -> Void
    ) async throws -> Position {
        for attempt in 1...Self.attempts {
            try await approach()
            do {
                return try await client.transaction { transaction in
                    _ = try await transaction.query(RebuildCheckpoints.limitWaiting)
                    let held = try await transaction.query(Checkpoints.hold, rebuild.live.name)
                    let goals = try await goals(held)
                    let versions = try await bring(to: goals, atMost: .seconds(2))
                    let found = try await transaction.query(Checkpoints.hold, rebuild.name)
                        .map(StoredCheckpoint.init)
                    guard found.map(\.version) == versions else {
                        throw CheckpointMoved(projection: rebuild.name, partition: 0)
                    }
                    try await body(transaction)
                    return goals.map(\.position).min() ?? .start
                }
            } catch let error where Self.isPassing(error) {
                rebuild.logger.info(
                    "The versions did not meet, trying again",
                    metadata: ["phase": "\(phase)", "attempt": "\(attempt)", "error": "\(error)"])
                try await Task.sleep(for: .milliseconds(100 * attempt))
            }
        }
        throw ProjectionRebuildRefused(rebuild.live.name, .busy)
    }

    /// Fills the new version until so little is missing that the old one can wait for it.
    private func approach() async throws {
        var missing = Int64.max
        while missing > Self.nearness {
            let goals = try await goals()
            _ = try await bring(to: goals)
            let next = try await self.goals()
            missing = zip(goals, next).map { $1.position.rawValue - $0.position.rawValue }.max() ?? 0
        }
    }

    /// Where the new version has to come.
    private func goals() async throws -> [Checkpoint] {
        try await goals(client.query(Checkpoints.all, rebuild.live.name))
    }

    /// - Parameter old: the checkpoints of the old version.
    private func goals(_ old: PostgresRows) async throws -> [Checkpoint] {
        if isComparable { return try old.map { try StoredCheckpoint($0).checkpoint } }
        let head = Checkpoint(incarnation: nil, position: try await reader.head(), eventID: nil)
        return Array(repeating: head, count: old.count)
    }

    private var reader: any EventReader { rebuild.reader }

    private static func isPassing(_ error: any Error) -> Bool {
        error is FellBehind || (error as? PostgresError)?.isTransient == true
    }

    private static let attempts = 20
    /// In events of the log: what is applied in a fraction of a second.
    private static let nearness: Int64 = 1_000
}

// MARK: - Applying

extension RebuildWork {
    /// Brings the new version to the goals, and reports after every batch.
    ///
    /// - Returns: the versions of the partitions there.
    private func bring(to goals: [Checkpoint]) async throws -> [Int64] {
        let target = rebuild.new(goals.count)
        let layout = try await target.layout()
        guard layout.partitions.count == goals.count else {
            throw ProjectionRebuildRefused(rebuild.live.name, .partitionsChanged)
        }
        guard zip(layout.positions, goals).allSatisfy({ $0 <= $1.position }) else {
            throw ProjectionRebuildRefused(rebuild.live.name, .setBack)
        }
        let goal = goals.map(\.position).min() ?? .start
        let reached = PositionSignal()
        reached.advance(to: layout.position)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    let seen = reached.position
                    tell(.filling, seen, of: goal)
                    _ = try await reached.wait(until: Position(seen.rawValue + 1), atMost: .seconds(1))
                }
            }
            defer { group.cancelAll() }
            let catchUp = ProjectionCatchUp(reading: reader, into: target, logger: rebuild.logger)
            guard let versions = try await catchUp.bring(to: goals, reached: reached) else {
                throw ProjectionRebuildRefused(rebuild.live.name, .paused)
            }
            return versions
        }
    }

    private func bring(to goals: [Checkpoint], atMost limit: Duration) async throws -> [Int64] {
        try await withThrowingTaskGroup(of: [Int64].self) { group in
            group.addTask { try await bring(to: goals) }
            group.addTask {
                try await Task.sleep(for: limit)
                throw FellBehind()
            }
            defer { group.cancelAll() }
            return try await group.next()!
        }
    }
}

/// The new version did not come to the position of the old one in the time for which that can be held.
private struct FellBehind: Error {}
