import EventSourcing
import Synchronization

/// An event store in memory whose read model follows every append at once, until it is told to stand still.
final class ProjectingStore: EventStore {
    let applied = PositionSignal()
    private let store = InMemoryEventStore()
    private let readModel: InMemoryInvoices
    private let isPaused = Mutex(false)
    /// When set, what every append throws.
    private let failure = Mutex<(any Error)?>(nil)

    init(feeding readModel: InMemoryInvoices) { self.readModel = readModel }

    func fail(with error: (any Error)?) { failure.withLock { $0 = error } }

    /// The read model stays where it is.
    func pauseProjection() { isPaused.withLock { $0 = true } }

    func append(
        _ events: [NewEvent], to stream: StreamName, expecting expected: ExpectedRevision
    ) async throws -> Commit {
        try failure.withLock { if let error = $0 { throw error } }
        let commit = try await store.append(events, to: stream, expecting: expected)
        if !isPaused.withLock({ $0 }) { try await project() }
        return commit
    }

    private func project() async throws {
        for record in try await store.readLog(after: applied.position, .forwards, limit: 1_000) {
            try readModel.apply(record)
            applied.advance(to: record.position)
        }
    }

    func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        try failure.withLock { if let error = $0 { throw error } }
        return try await store.read(stream, from: start, direction, limit: limit)
    }

    func readLog(after start: Position?, _ direction: ReadDirection, limit: Int) async throws -> [RecordedEvent] {
        try await store.readLog(after: start, direction, limit: limit)
    }

    func head() async throws -> Position { try await store.head() }
}
