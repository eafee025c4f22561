import EventSourcing

/// An aggregate as small as can be whose events are those of ``SampleEvent``.
struct SampleAggregate: Snapshottable, Codable {
    static let snapshotSchema = 1

    private(set) var events = 0
    private(set) var net = 0

    mutating func evolve(_ event: Created) {
        events += 1
        net += event.net
    }

    /// A snapshot of a stream as it was at a revision.
    static func snapshot(
        of stream: StreamName, at revision: Revision, reading reader: some EventReader
    ) async throws -> Snapshot {
        guard let last = try await reader.read(stream, from: revision, .forwards, limit: 1).first else {
            throw WrongAnswer()
        }
        let state = try await AggregateReader<Self>(reader).load(stream, asOf: .revision(revision)).state
        return Snapshot(
            stream: stream, schema: snapshotSchema, revision: revision, position: last.position, eventID: last.id,
            state: try state.encodeSnapshot(), takenAt: last.recordedAt)
    }

    /// The one event; its data is an object of JSON.
    struct Created: DomainEvent, Codable {
        enum Name: String, CaseIterable { case created = "invoices.invoice.created.v1" }

        let customer: String
        let currency: String
        let net: Int
        let note: String

        var name: Name { .created }

        func encode() throws -> EventPayload { try EventPayload(encoding: self) }

        init(_ name: Name, from payload: EventPayload) throws { self = try payload.decode(Self.self) }
    }
}
