import EventSourcing
import EventSourcingTesting
import Synchronization

/// An event store in memory whose read model follows every append at once, until it is told to stand still.
final class ProjectingStore: ForwardingEventStore {
    let applied = PositionSignal()
    let base = InMemoryEventStore()
    private let readModel: InMemoryInvoices
    private let isPaused = Mutex(false)
    /// When set, what every append and every read throws.
    private let failure = Mutex<(any Error)?>(nil)

    init(feeding readModel: InMemoryInvoices) { self.readModel = readModel }

    func fail(with error: (any Error)?) { failure.withLock { $0 = error } }

    /// The read model stays where it is.
    func pauseProjection() { isPaused.withLock { $0 = true } }

    func append(_ append: Append) async throws -> AppendOutcome {
        try failure.withLock { if let error = $0 { throw error } }
        let outcome = try await base.append(append)
        if !isPaused.withLock({ $0 }) { try await project() }
        return outcome
    }

    private func project() async throws {
        for record in try await base.readLog(after: applied.position, .forwards, limit: 1_000) {
            try readModel.apply(record)
            applied.advance(to: record.position)
        }
    }

    func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        try failure.withLock { if let error = $0 { throw error } }
        return try await base.read(stream, from: start, direction, limit: limit)
    }
}
