public import EventSourcing
public import FoundationEssentials
public import Testing

/// Expects that everything that was ever stored of a kind of event decodes, for ever.
///
/// The folder has a frozen example of every stored name and version, those included that only upcasters read: one file each,
/// `<event type>.json`, with the data of an event as it is in the log. A name without a file fails, and so does a file of
/// which the code knows nothing any more: a stored name is never given up. When an event changes its shape, it gets a new
/// version and a new file; the old file stays as it is.
///
/// ```swift
/// @Test func `every stored product event decodes`() throws {
///     try expectDecodable(ProductEvent.self, in: #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil)))
/// }
/// ```
///
/// - Returns: the events by the stored types, for further expectations.
/// - Throws: when the folder cannot be read.
@discardableResult
public func expectDecodable<Event: DomainEvent>(
    _ events: Event.Type, in folder: URL, sourceLocation: SourceLocation = #_sourceLocation
) throws -> [String: Event] {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let frozen = Set(files.compactMap { $0.hasSuffix(".json") ? String($0.dropLast(5)) : nil })
    let stored = Set(events.Name.allCases.map(\.rawValue)).union(events.upcasters.retiredTypes.map(\.rawValue))
    for missing in stored.subtracting(frozen).sorted() {
        Issue.record("\(missing).json is missing: freeze an example of this event", sourceLocation: sourceLocation)
    }
    for unknown in frozen.subtracting(stored).sorted() {
        Issue.record(
            "nothing reads \(unknown).json: a stored name is kept, or gets an upcaster", sourceLocation: sourceLocation)
    }
    var decoded: [String: Event] = [:]
    for type in stored.intersection(frozen) {
        let data = EventPayload(bytes: [UInt8](try Data(contentsOf: folder.appending(path: "\(type).json"))))
        do {
            guard let event = try Recorded<Event>(decoding: StoredExample(type: type, data: data).record)?.event else {
                Issue.record("\(type).json is the data of a redacted event", sourceLocation: sourceLocation)
                continue
            }
            decoded[type] = event
            // What it is read as is written in the present version, which has to be readable, too.
            let present = try Event(event.name, from: event.encode())
            #expect(present.name == event.name, sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, "\(type).json does not decode", sourceLocation: sourceLocation)
        }
    }
    return decoded
}

/// An event as a store hands it out.
struct StoredExample {
    let type: String
    let data: EventPayload

    var record: RecordedEvent {
        get throws {
            let type = try EventType(type)
            let metadata = EventMetadata(
                correlationID: "c", causationID: "c", source: "tests", occurredAt: Date(timeIntervalSince1970: 0))
            return RecordedEvent(
                position: Position(1), stream: try StreamName("\(type.aggregate).v1-tests-1"), revision: .first,
                id: .v7(),
                type: type, data: data, metadata: try EventPayload(encoding: metadata),
                recordedAt: Date(timeIntervalSince1970: 0))
        }
    }
}
