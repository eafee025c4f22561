import EventSourcing
import FoundationEssentials
import Testing

@Suite struct IdentifiedEventTests {
    private let metadata = EventMetadata(
        correlationID: "c", causationID: "c", source: "tests", occurredAt: Date(timeIntervalSince1970: 1_800_000_000))

    @Test func `an event that was stored without an id of its own has that of the store, and others keep theirs`()
        async throws
    {
        let store = InMemoryEventStore()
        let (own, stream) = (UUID.v7(), try StreamName("tests.parcel.v1-core-1"))
        let events = try [Parcel.sent(nil), .sent(own)].map { try NewEvent($0, id: .v7(), metadata: metadata) }
        _ = try await store.append(events, to: stream, expecting: .noStream)
        let stored = try await store.read(stream, from: nil, .forwards, limit: 2).map { record in
            RecordedEvent(
                position: record.position, stream: stream, revision: record.revision, id: record.id, type: record.type,
                data: record.data, metadata: record.metadata, recordedAt: record.recordedAt)
        }
        let decoded = try stored.compactMap { try Recorded<Parcel>(decoding: $0)?.event }
        #expect(decoded == [.sent(events[0].id), .sent(own)])
    }
}

/// An event that has an id since its shape was extended.
private enum Parcel: DomainEvent, Equatable {
    case sent(UUID?)

    enum Name: String, CaseIterable {
        case sent = "tests.parcel.sent.v1"
    }

    var name: Name { .sent }

    init(_ name: Name, from payload: EventPayload) throws { self = .sent(try payload.decode([UUID].self).first) }

    func encode() throws -> EventPayload {
        switch self {
        case .sent(let id): try EventPayload(encoding: id.map { [$0] } ?? [])
        }
    }

    func identified(by id: UUID) -> Parcel { self == .sent(nil) ? .sent(id) : self }
}
