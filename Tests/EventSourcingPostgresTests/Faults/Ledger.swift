import AppendWorkload
import EventSourcing
import FoundationEssentials
import Testing

/// What writers know about their appends.
struct Ledger: Sendable {
    var acknowledged: [(append: Append, outcome: AppendOutcome)] = []
    /// Those that the store said were not done.
    var notDone: [Append] = []
    /// Those that nobody knows anything about: done, or not.
    var open: [Append] = []

    /// Repeats what is open with the same ids, which has the effect of once.
    mutating func resolve(on store: some EventStore) async throws {
        for append in open {
            acknowledged.append((append, try await store.appendUntilAcknowledged(append)))
        }
        open = []
    }

    /// Expects of the log after a position that it holds what it must and nothing else.
    func audit(_ store: some EventStore, after start: Position, _ comment: Comment) async throws {
        var log: [RecordedEvent] = []
        for try await event in store.log(after: start, pageSize: 2_000) { log.append(event) }
        #expect(log.map(\.position.rawValue) == log.indices.map { start.rawValue + Int64($0) + 1 }, comment)
        let streams = Dictionary(grouping: log, by: \.stream)
        for events in streams.values {
            #expect(events.map(\.revision.rawValue) == (0..<Int64(events.count)).map { $0 }, comment)
        }
        try auditNumbers(in: log, comment)
        let places = Dictionary(grouping: log) { Place(stream: $0.stream, event: $0.id) }
        let expectedCount = acknowledged.reduce(0) { $0 + $1.append.eventCount }
        var openCount = 0
        for (append, outcome) in acknowledged { expect(append, outcome, in: places, comment) }
        for append in notDone { #expect(found(append, in: places).isEmpty, comment) }
        for append in open {
            let count = found(append, in: places).count
            #expect(count == 0 || count == append.eventCount, comment)
            openCount += count
        }
        #expect(log.count == expectedCount + openCount, comment)
        for (append, outcome) in acknowledged {
            guard let command = append.command else { continue }
            let handled = try await store.handledCommand(command.id, in: append.streams[0].stream.tenant)
            #expect(handled?.key == command, comment)
            #expect(handled?.outcome.position == outcome.position, comment)
        }
    }

    /// Expects that the events of the one sequence have numbers without gaps, in the order of their positions.
    private func auditNumbers(in log: [RecordedEvent], _ comment: Comment) throws {
        let isNumbered = Dictionary(
            acknowledged.flatMap { $0.append.streams.flatMap(\.events) }.map { ($0.id, $0.sequence != nil) }
        ) { first, _ in first }
        var last: Int64?
        for event in log {
            let number = event.number
            if let expected = isNumbered[event.id] { #expect((number != nil) == expected, comment) }
            guard let number else { continue }
            let next = last.map { $0 + 1 } ?? (log.first?.position == Position(1) ? 1 : number)
            #expect(number == next, comment)
            last = number
        }
    }

    private struct Place: Hashable {
        let stream: StreamName
        let event: UUID
    }

    private func found(_ append: Append, in places: [Place: [RecordedEvent]]) -> [RecordedEvent] {
        append.streams.flatMap { part in
            part.events.flatMap { places[Place(stream: part.stream, event: $0.id)] ?? [] }
        }
    }

    /// Expects an append exactly once, where it was acknowledged to be, its events one after the other.
    private func expect(
        _ append: Append, _ outcome: AppendOutcome, in places: [Place: [RecordedEvent]], _ comment: Comment
    ) {
        let events = found(append, in: places)
        let last = outcome.position.rawValue
        #expect(
            events.map(\.position.rawValue) == (last - Int64(append.eventCount)..<last).map { $0 + 1 }, comment)
        for part in append.streams {
            guard let last = events.last(where: { $0.stream == part.stream }) else { continue }
            #expect(last.revision == outcome.revisions[part.stream], comment)
        }
    }
}
