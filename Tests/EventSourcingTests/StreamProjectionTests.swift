import EventSourcing
import FoundationEssentials
import Testing

/// The numbers that a counter was counted by, in an order.
private struct Steps: EventSourced {
    private(set) var steps: [Int] = []

    mutating func evolve(_ event: CounterEvent) {
        switch event {
        case .counted(let counted): steps.append(counted.by)
        }
    }
}

private struct StepList: StreamProjection {
    var order = EventOrder<CounterEvent>.position

    func row(of state: Steps, in stream: StreamName) throws -> [Int]? {
        if state.steps.contains(13) { throw CounterError.limitReached }
        return state.steps.last == 0 ? nil : state.steps
    }
}

@Suite struct StreamProjectionTests {
    private let store = InMemoryEventStore()

    /// Appends an event that counts by a number and happened at a second.
    @discardableResult
    private func append(_ step: Int, at second: Double, to id: String = "1") async throws -> RecordedEvent {
        let metadata = EventMetadata(
            correlationID: "test", causationID: "test", source: "tests", occurredAt: Date(timeIntervalSince1970: second)
        )
        let stream = try StreamName("tests.counter.v1-core-\(id)")
        let event = try NewEvent(CounterEvent.counted(Counted(by: step)), id: .v7(), metadata: metadata)
        _ = try await store.append([event], to: stream, expecting: .any)
        return try #require(try await store.read(stream, from: nil, .backwards, limit: 1).first)
    }

    private func rows(
        _ order: EventOrder<CounterEvent> = .position, for events: [RecordedEvent]
    ) async throws -> [String: [Int]?] {
        let rows = try await StepList(order: order).rows(for: events, reading: store)
        return Dictionary(uniqueKeysWithValues: rows.map { (String($0.key.entityID), $0.value) })
    }

    @Test func `a row is made of the whole stream, up to the last of the events`() async throws {
        let first = try await append(1, at: 1)
        let second = try await append(2, at: 2)
        let other = try await append(5, at: 3, to: "2")
        let last = try await append(3, at: 4)
        #expect(try await rows(for: [first]) == ["1": [1]])
        #expect(try await rows(for: [second, other]) == ["1": [1, 2], "2": [5]])
        #expect(try await rows(for: [last]) == ["1": [1, 2, 3]])
        let gone = try await append(0, at: 5, to: "2")
        #expect(try await rows(for: [other, gone]) == ["2": nil])
    }

    @Test func `a stream is folded in the order of its positions, of its times, or of a function`() async throws {
        for (step, second) in [(1, 30.0), (2, 10), (3, 20), (4, 10)] { try await append(step, at: second) }
        let last = try await append(5, at: 40)
        #expect(try await rows(for: [last]) == ["1": [1, 2, 3, 4, 5]])
        #expect(try await rows(.time, for: [last]) == ["1": [2, 4, 3, 1, 5]])
        let descending = EventOrder<CounterEvent>.by { $0.record.revision > $1.record.revision }
        #expect(try await rows(descending, for: [last]) == ["1": [5, 4, 3, 2, 1]])
    }

    @Test func `a stream that has no row is poison, by its last event`() async throws {
        let event = try await append(13, at: 1)
        await #expect { try await rows(for: [event]) } throws: { error in
            (error as? PoisonEvent)?.event == event
        }
    }

    @Test func `a redacted event does not count`() async throws {
        let first = try await append(1, at: 1)
        let last = try await append(2, at: 2)
        let context = MessageContext(
            tenant: first.tenant, correlationID: "test", source: "tests", now: Date(timeIntervalSince1970: 9))
        _ = try await store.redact(eventID: first.id, reason: "asked for", in: context)
        #expect(try await rows(for: [last]) == ["1": [2]])
    }
}
