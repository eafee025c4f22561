import EventSourcing
import FoundationEssentials
import Testing

/// Sums what each stream counted; a sum of zero has no row.
private struct Sums: RowProjection {
    func key(for event: Recorded<CounterEvent>) -> StreamName? {
        event.record.stream.entityID == "ignored" ? nil : event.record.stream
    }

    func evolve(_ row: inout Int?, with event: Recorded<CounterEvent>) {
        switch event.event {
        case .counted(let counted):
            let sum = (row ?? 0) + counted.by
            row = sum == 0 ? nil : sum
        }
    }
}

@Suite struct RowProjectionTests {
    private func recorded(_ steps: [(entity: String, by: Int)]) throws -> [Recorded<CounterEvent>] {
        try steps.enumerated().map { index, step in
            let record = RecordedEvent(
                position: Position(Int64(index + 1)), stream: try StreamName("tests.counter.v1-core-\(step.entity)"),
                revision: .first, id: UUID.v7(), type: try EventType("tests.counter.counted.v1"),
                data: try EventPayload(encoding: Counted(by: step.by)), metadata: EventPayload(bytes: []),
                recordedAt: Date())
            return try #require(try Recorded(decoding: record))
        }
    }

    @Test func `events fold into the rows they touch, in order`() throws {
        let (a, b) = (try StreamName("tests.counter.v1-core-a"), try StreamName("tests.counter.v1-core-b"))
        let untouched = try StreamName("tests.counter.v1-core-untouched")
        let events = try recorded([("a", 1), ("b", 5), ("a", 2), ("ignored", 9), ("b", -15)])
        let folded = try Sums().fold(events, into: [b: 10, untouched: 7])
        #expect(folded == [a: 3, b: nil])
    }

    @Test func `a row that went and comes back starts over within one batch`() throws {
        let a = try StreamName("tests.counter.v1-core-a")
        #expect(try Sums().fold(recorded([("a", -4), ("a", 6)]), into: [a: 4]) == [a: 6])
    }
}
