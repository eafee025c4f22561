import EventSourcing
import FoundationEssentials

extension RecordedEvent {
    /// An event as it comes from a store: only its bytes are left of it.
    init(
        storing event: some DomainEvent, in stream: StreamName, revision: Revision, position: Position,
        at moment: Date = Date(timeIntervalSince1970: 1_800_000_000)
    ) throws {
        let metadata = EventMetadata(correlationID: "c", causationID: "c", source: "tests", occurredAt: moment)
        let new = try NewEvent(event, id: .v7(), metadata: metadata)
        self.init(
            position: position, stream: stream, revision: revision, id: new.id, type: new.type, data: new.data,
            metadata: new.metadata, recordedAt: moment, number: event.sequence == nil ? nil : position.rawValue)
    }
}
