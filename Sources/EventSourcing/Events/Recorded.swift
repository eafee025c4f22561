/// An event together with its place and its envelope.
public struct Recorded<Event: DomainEvent>: Sendable {
    /// The event in its present shape, upcast if it was stored in an older one.
    public let event: Event
    /// The event as it is stored.
    public let record: RecordedEvent

    /// Decodes a recorded event and sets its id and number; nil for a redacted event. An event that this process has just
    /// appended is already decoded.
    ///
    /// This is the only way from stored bytes to an event, so upcasting applies everywhere: in aggregates, projections,
    /// and parked messages.
    ///
    /// - Throws: ``UndecodableEvent`` when the type is neither a present name nor one that upcasters start from, when an
    ///   upcaster fails, or when the data does not decode.
    public init?(decoding record: RecordedEvent) throws(UndecodableEvent) {
        if record.isRedacted { return nil }
        self.record = record
        if let appended = record.domainEvent as? Event {
            event = appended
            return
        }
        let decoded = try Self.decode(record).identified(by: record.id)
        event = record.number.map(decoded.numbered) ?? decoded
    }

    private static func decode(_ record: RecordedEvent) throws(UndecodableEvent) -> Event {
        if let name = Event.Name(rawValue: record.type.rawValue) {
            do {
                return try Event(name, from: record.data)
            } catch {
                throw UndecodableEvent(record: record, reason: String(describing: error))
            }
        } else {
            return try upcast(record)
        }
    }

    private static func upcast(_ record: RecordedEvent) throws(UndecodableEvent) -> Event {
        guard let chain = Event.upcasters.chain(from: record.type), let last = chain.last?.step,
            let name = Event.Name(rawValue: last.to.rawValue)
        else {
            throw UndecodableEvent(
                record: record, reason: "its type is not one of \(Event.self), and no upcaster starts from it")
        }
        var payload = record.data
        for upcaster in chain {
            do {
                payload = try upcaster.transform(payload)
            } catch {
                throw UndecodableEvent(record: record, step: upcaster.step, reason: String(describing: error))
            }
        }
        do {
            return try Event(name, from: payload)
        } catch {
            throw UndecodableEvent(record: record, step: last, reason: "its result does not decode: \(error)")
        }
    }
}

/// A stored event that the program cannot read: which one, where it is, and why.
public struct UndecodableEvent: Error, Sendable, CustomStringConvertible {
    /// The event as it is stored.
    public let record: RecordedEvent
    /// The upcaster that failed; nil when the data was to be decoded as it is stored.
    public let step: Upcaster.Step?
    /// What the decoder or the upcaster said.
    public let reason: String

    init(record: RecordedEvent, step: Upcaster.Step? = nil, reason: String) {
        self.record = record
        self.step = step
        self.reason = reason
    }

    /// Names event, type, stream and position, and the step that failed.
    public var description: String {
        let upcasting = step.map { "upcasting \($0) failed: " } ?? ""
        return "event \(record.id) (\(record.type), position \(record.position), stream \(record.stream)) "
            + "cannot be decoded: \(upcasting)\(reason)"
    }
}
