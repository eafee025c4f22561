/// The closed set of facts of one kind of aggregate: an enum with a case for each, and beside it the stored names.
///
/// Names are stored for ever, so they are never a Swift type's name: `Name` is an enum whose raw values are event types
/// such as `invoices.invoice.paid.v1`. Both directions are exhaustive switches; a forgotten event does not compile.
public protocol DomainEvent: Sendable {
    associatedtype Name: CaseIterable & Hashable & RawRepresentable<String> & Sendable

    /// The name that this event is stored under.
    var name: Name { get }

    /// The event's data as it is stored.
    func encode() throws -> EventPayload

    /// Reads an event that was stored under `name`.
    init(_ name: Name, from payload: EventPayload) throws
}

/// An event together with its place and its envelope.
public struct Recorded<Event: DomainEvent>: Sendable {
    public let event: Event
    public let record: RecordedEvent

    /// Decodes a recorded event; nil for one that was redacted.
    ///
    /// - Throws: ``UndecodableEvent`` when the type has no such name, or the data does not decode.
    public init?(decoding record: RecordedEvent) throws(UndecodableEvent) {
        if record.isRedacted { return nil }
        guard let name = Event.Name(rawValue: record.type.rawValue) else {
            throw UndecodableEvent(record: record, reason: "its type is not one of \(Event.self)")
        }
        do {
            event = try Event(name, from: record.data)
        } catch {
            throw UndecodableEvent(record: record, reason: String(describing: error))
        }
        self.record = record
    }
}

/// A stored event that the program cannot read: which one, where it is, and why.
public struct UndecodableEvent: Error, Sendable, CustomStringConvertible {
    public let record: RecordedEvent
    public let reason: String

    public var description: String {
        "event \(record.id) (\(record.type), position \(record.position), stream \(record.stream)) cannot be decoded: "
            + reason
    }
}
