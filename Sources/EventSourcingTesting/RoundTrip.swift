public import EventSourcing
import FoundationEssentials
public import Testing

/// Expects that decoding what a domain event encodes gives an equal event, with its number too.
///
/// A store passes the events that it has just recorded on as they were made. So an event may hold nothing that its
/// encoding leaves out or rounds, such as fractions of a microsecond.
///
/// - Parameter number: what the store gives an event that has a sequence.
/// - Throws: what the event's encoder and decoder throw.
public func expectRoundTrip<Event: DomainEvent & Equatable>(
    of event: Event, number: Int64 = 1, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let moment = Date(timeIntervalSince1970: 1_800_000_000)
    let metadata = EventMetadata(correlationID: "c", causationID: "c", source: "tests", occurredAt: moment)
    let made = RecordedEvent(
        try NewEvent(event, id: .v7(), metadata: metadata), in: try StreamName("tests.thing.v1-tests-1"),
        revision: .first, position: Position(1), recordedAt: moment, number: event.sequence == nil ? nil : number)
    let stored = RecordedEvent(
        position: made.position, stream: made.stream, revision: made.revision, id: made.id, type: made.type,
        data: made.data, metadata: made.metadata, recordedAt: made.recordedAt, number: made.number)
    let decoded = try Recorded<Event>(decoding: stored)?.event
    #expect(decoded == (try Recorded<Event>(decoding: made)?.event), sourceLocation: sourceLocation)
}
