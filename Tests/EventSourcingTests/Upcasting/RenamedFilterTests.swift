import EventSourcing
import Testing

@Suite struct RenamedFilterTests {
    private static let names: [EventType] = [
        EventType(stored: "tests.customer.named.v1", schemaVersion: 1),
        EventType(stored: "tests.customer.named.v2", schemaVersion: 2),
        EventType(stored: "tests.customer.renamed.v3", schemaVersion: 3),
    ]

    @Test(arguments: names) func `a filter that names one name of an event finds it under all of them`(
        _ name: EventType
    ) async throws {
        let events = InMemoryEventStore()
        let stream = try StreamName("tests.customer.v1-core-1")
        for type in Self.names + [try EventType("tests.customer.left.v1")] {
            let event = NewEvent(
                id: .v7(), type: type, data: EventPayload(bytes: []), metadata: EventPayload(bytes: []))
            _ = try await events.append([event], to: stream, expecting: .any)
        }
        let filter = LogFilter(types: [name]).following(CustomerEvent.upcasters)
        let found = try await events.readLog(after: .start, .forwards, matching: filter, limit: 10)
        #expect(found.map(\.type) == Self.names)
    }

    @Test func `a prefix of an old name finds the new one`() throws {
        let filter = LogFilter(typePrefixes: [try EventTypePrefix("tests.customer.named.")])
            .following(CustomerEvent.upcasters)
        #expect(filter.types == Set(Self.names))
    }

    @Test func `a filter without types, or of other events, stays as it is`() throws {
        let others = LogFilter(types: [try EventType("tests.order.placed.v1")])
        #expect(others.following(CustomerEvent.upcasters) == others)
        #expect(LogFilter.all.following(CustomerEvent.upcasters) == .all)
    }

    @Test func `a sink may name what is retired, and not what nobody appends`() throws {
        struct Sink: EventSink {
            let name = "sink"
            let filter: LogFilter

            func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] { [] }
        }
        let known: Set<EventType> = [Self.names[2]]
        let retired = LogFilter(types: [Self.names[0]])
        try Sink(filter: retired.following(CustomerEvent.upcasters)).check(against: known)
        #expect(throws: InvalidSink.self) { try Sink(filter: retired).check(against: known) }
    }
}
