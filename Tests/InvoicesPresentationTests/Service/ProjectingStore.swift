import EventSourcing
import EventSourcingTesting
import Synchronization

/// An event store in memory whose read model follows every append at once, until it is paused.
final class ProjectingStore: ForwardingEventStore {
    /// A read model, and how far it has come.
    final class Projection: Sendable {
        let applied = PositionSignal()
        private let isPaused = Mutex(false)
        private let apply: @Sendable (RecordedEvent) throws -> Void

        init(_ apply: @escaping @Sendable (RecordedEvent) throws -> Void) { self.apply = apply }

        /// The read model stays where it is.
        func pause() { isPaused.withLock { $0 = true } }

        /// The read model goes on, and applies what it has missed.
        fileprivate func resume(_ store: InMemoryEventStore) async throws {
            isPaused.withLock { $0 = false }
            try await follow(store)
        }

        fileprivate func follow(_ store: InMemoryEventStore) async throws {
            guard !isPaused.withLock(\.self) else { return }
            for record in try await store.readLog(after: applied.position, .forwards, limit: 1_000) {
                try apply(record)
                applied.advance(to: record.position)
            }
        }
    }

    let base = InMemoryEventStore()
    let invoices: Projection
    /// When set, what every append and every read throws.
    private let failure = Mutex<(any Error)?>(nil)

    private let gate = Mutex<AsyncStream<Never>?>(nil)
    private let held = Mutex(0)
    private let reads = Mutex(0)
    private let appendCount = Mutex(0)

    init(feeding invoices: InMemoryInvoices) {
        self.invoices = Projection { try invoices.apply($0) }
    }

    /// How many appends there were.
    var appends: Int { appendCount.withLock(\.self) }

    func fail(with error: (any Error)?) { failure.withLock { $0 = error } }

    /// The read model stays where it is.
    func pauseProjection() { invoices.pause() }

    /// The read model goes on.
    func resumeProjection() async throws { try await invoices.resume(base) }

    /// How often the store was asked for anything since this was last called.
    func takeReads() -> Int {
        reads.withLock { reads in
            defer { reads = 0 }
            return reads
        }
    }

    /// Holds every append back until the gate is finished.
    func holdAppends() -> AsyncStream<Never>.Continuation {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        gate.withLock { $0 = stream }
        return continuation
    }

    /// How many appends have come to the gate.
    var heldAppends: Int { held.withLock(\.self) }

    func append(_ append: Append) async throws -> AppendOutcome {
        if let gate = gate.withLock(\.self) {
            held.withLock { $0 += 1 }
            for await _ in gate {}
            try Task.checkCancellation()
        }
        try failure.withLock { if let error = $0 { throw error } }
        appendCount.withLock { $0 += 1 }
        let outcome = try await base.append(append)
        try await invoices.follow(base)
        return outcome
    }

    func handledCommand(_ id: String, in tenant: TenantID) async throws -> HandledCommand? {
        reads.withLock { $0 += 1 }
        return try await base.handledCommand(id, in: tenant)
    }

    func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        try failure.withLock { if let error = $0 { throw error } }
        reads.withLock { $0 += 1 }
        return try await base.read(stream, from: start, direction, limit: limit)
    }
}
