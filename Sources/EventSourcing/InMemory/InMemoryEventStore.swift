public import FoundationEssentials
import Synchronization

/// An event store in memory, for tests and demonstrations. It keeps every promise of ``EventStore`` but durability.
public final class InMemoryEventStore: EventStore {
    fileprivate struct State {
        var log: [RecordedEvent] = []
        var streams: [StreamName: [Int]] = [:]
    }

    private let state = Mutex(State())
    private let limits: AppendLimits
    private let now: @Sendable () -> Date
    /// Announces the position of every append.
    public let appended = PositionSignal()

    public init(limits: AppendLimits = AppendLimits(), now: @escaping @Sendable () -> Date = { Date() }) {
        self.limits = limits
        self.now = now
    }

    public func append(
        _ events: [NewEvent], to stream: StreamName, expecting expected: ExpectedRevision
    ) async throws -> Commit {
        try limits.check(events, for: stream)
        let commit = try state.withLock { state in
            let places = state.streams[stream] ?? []
            if let first = try state.firstOutcome(of: events, in: stream) { return first }
            let actual = places.isEmpty ? nil : Revision(Int64(places.count - 1))
            guard expected.isMet(by: actual) else {
                throw WrongExpectedRevision(stream: stream, expected: expected, actual: actual)
            }
            return state.append(events, to: stream, at: now())
        }
        appended.advance(to: commit.position)
        return commit
    }

    public func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        state.withLock { state in
            let events = (state.streams[stream] ?? []).map { state.log[$0] }
            switch direction {
            case .forwards:
                return Array(events.drop { $0.revision < start ?? .first }.prefix(limit))
            case .backwards:
                return Array(events.reversed().drop { start != nil && $0.revision > start! }.prefix(limit))
            }
        }
    }

    public func readLog(after start: Position?, _ direction: ReadDirection, limit: Int) async throws -> [RecordedEvent]
    {
        state.withLock { state in
            switch direction {
            case .forwards:
                return Array(state.log.dropFirst(Int((start ?? .start).rawValue)).prefix(limit))
            case .backwards:
                let end = start.map { max(0, min(Int($0.rawValue) - 1, state.log.count)) } ?? state.log.count
                return Array(state.log[..<end].reversed().prefix(limit))
            }
        }
    }

    public func head() async throws -> Position {
        state.withLock { Position(Int64($0.log.count)) }
    }
}

extension InMemoryEventStore.State {
    /// Where these events ended up when they were appended before; nil when they are new.
    fileprivate func firstOutcome(of events: [NewEvent], in stream: StreamName) throws -> Commit? {
        let ids = Set(events.map(\.id))
        let stored = (streams[stream] ?? []).map { log[$0] }.filter { ids.contains($0.id) }
        guard let last = stored.last else { return nil }
        guard stored.map(\.id) == events.map(\.id) else {
            throw AppendRejected(stream: stream, reason: .partlyAppended)
        }
        return Commit(revision: last.revision, position: last.position, isDuplicate: true)
    }

    fileprivate mutating func append(_ events: [NewEvent], to stream: StreamName, at now: Date) -> Commit {
        let recordedAt = max(now, log.last?.recordedAt ?? now)
        for event in events {
            let revision = Int64(streams[stream, default: []].count)
            streams[stream, default: []].append(log.count)
            log.append(
                RecordedEvent(
                    position: Position(Int64(log.count + 1)), stream: stream, revision: Revision(revision),
                    id: event.id, type: event.type, data: event.data, metadata: event.metadata, recordedAt: recordedAt))
        }
        return Commit(revision: log.last!.revision, position: log.last!.position)
    }
}
