import FoundationEssentials
import Synchronization

@testable import EventSourcing

/// What a process keeps in memory, across the crashes of its runner: its tail of the log, and the rows that it has
/// written lately.
final class SimulatedProcess: Sendable {
    typealias Rows = RecentRows<StreamName, [Int64]>

    let database: SimulatedReadDatabase
    let appended = PositionSignal()
    private let trueTail = LogTail()
    private let carelessTail = CarelessTail()
    private let cache = PartitionCache<Rows>()
    /// The rows of every commit, whatever has become of it; for the mistake of using them.
    private let staleRows = Mutex<[StreamName: [Int64]]>([:])

    init(on database: SimulatedReadDatabase) { self.database = database }

    var tail: any RecentEvents { database.mistake == .tailWithHole ? carelessTail : trueTail }

    /// The process is told what it has appended.
    func recorded(_ events: [RecordedEvent], precededBy predecessor: UUID?) {
        trueTail.append(events, precededBy: predecessor)
        carelessTail.append(events)
        if let last = events.last { appended.advance(to: last.position) }
    }
}

extension SimulatedProcess: ProjectionTarget {
    var name: String { database.name }
    var filter: LogFilter { .all }

    func layout() async throws -> ProjectionLayout { try await database.layout() }

    func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        cache.forget(partition)
        return try await database.load(partition, of: partitioning)
    }

    /// Folds the events into rows that are in memory, or were read, and writes these in one trip.
    func commit(_ commit: ProjectionCommit) async throws {
        // So few that many have to be read.
        var recent = cache.take(commit.partition, at: commit.version) ?? Rows(limit: 4)
        var (rows, missing): ([StreamName: [Int64]], [StreamName]) = ([:], [])
        for event in commit.applied where rows[event.stream] == nil {
            if database.mistake == .staleRows, let row = staleRows.withLock({ $0[event.stream] }) {
                rows[event.stream] = row
            } else if let row = recent[event.stream] {
                rows[event.stream] = row ?? []
            } else {
                rows[event.stream] = []
                missing.append(event.stream)
            }
        }
        if !missing.isEmpty {
            let read = try await database.rows(of: missing, in: commit.partition, at: commit.version)
            rows.merge(read) { $1 }
        }
        for event in commit.applied { rows[event.stream]?.append(event.position.rawValue) }
        staleRows.withLock { $0.merge(rows) { $1 } }
        do {
            try await database.commit(commit, rows: rows)
        } catch is SimulatedReadDatabase.AnswerLost where database.mistake == .lostAnswerIsRepeated {
            var again = ProjectionCommit(
                partition: commit.partition, version: commit.nextVersion, nextVersion: commit.nextVersion + 1,
                checkpoint: commit.checkpoint, applied: commit.applied)
            again.parked = commit.parked
            try await self.commit(again)
            return
        }
        recent.keep(rows.mapValues { $0 }, size: 1)
        cache.keep(recent, of: commit.partition, at: commit.nextVersion)
    }

    func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        try await database.parkedPositions(of: stream, in: partition, limit: limit)
    }

    func repartition(_ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning) async throws {
        try await database.repartition(versions, at: checkpoint, into: wanted)
    }

    func note(_ stall: ProjectionStall?, in partition: Int) async throws {
        try await database.note(stall, in: partition)
    }
}

/// A tail that does not ask whether what it is given follows what it has.
private final class CarelessTail: RecentEvents {
    private let events = Mutex<[RecordedEvent]>([])

    var lastPosition: Position { events.withLock { $0.last?.position ?? .start } }

    func append(_ batch: [RecordedEvent]) { events.withLock { $0 += batch } }

    func events(after checkpoint: Checkpoint, limit: Int) -> [RecordedEvent]? {
        events.withLock { events in
            guard let last = events.last, last.position > checkpoint.position else { return nil }
            return Array(events.filter { $0.position > checkpoint.position }.prefix(limit))
        }
    }
}
