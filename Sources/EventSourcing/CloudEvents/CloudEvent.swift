import FoundationEssentials

/// An event of the log in the CloudEvents format, version 1.0.2, for those outside who do not know this library.
///
/// Attributes: `id`, `source`, `type`, `subject` (the stream), `time` (when it happened), `datacontenttype`,
/// `dataschema` (with the schema's version). Extensions: `correlationid`, `causationid`, `commandid`, `tenant`,
/// `streamrevision` and `logposition` (as text, since they have 64 bits), and the documented ones `traceparent`, `sequence` (the position
/// with leading zeros, so that it sorts as text), `partitionkey` (the stream) and `recordedtime`.
///
/// - Note: Events that were read through a ``SealingEventStore`` hold personal data in plain, and what was handed out
///   cannot be forgotten. Export what the store beneath it reads to keep it sealed.
public struct CloudEvent: Hashable, Sendable {
    /// The attributes but `data`, by name; all of them are text in JSON.
    public let attributes: [String: String]
    /// The event's data as it was read.
    public let data: EventPayload

    /// - Parameters:
    ///   - source: Where the event comes from, as an absolute URI: `https://acme.example/invoices`. Together with the
    ///     event's id it is unique.
    ///   - schemas: What precedes the event type in `dataschema`; without it `<source>/schemas/`.
    /// - Throws: ``InvalidName`` when `source` or `schemas` is no absolute URI; ``UndecodableEvent`` when the event's
    ///   metadata is not an ``EventMetadata``.
    public init(_ event: RecordedEvent, source: String, schemas: String? = nil) throws {
        let schemas = schemas ?? source + (source.hasSuffix("/") ? "schemas/" : "/schemas/")
        for uri in [source, schemas] where !Self.isSource(uri) {
            throw InvalidName(
                kind: "CloudEvents source", value: uri,
                rule: "use an absolute URI, such as https://acme.example/invoices")
        }
        let metadata = try event.decodeMetadata()
        let position = event.position.description
        var attributes = [
            "specversion": "1.0",
            "id": event.id.text,
            "source": source,
            "type": event.type.rawValue,
            "subject": event.stream.rawValue,
            "time": RFC3339.string(from: metadata.occurredAt),
            "datacontenttype": metadata.contentType,
            "dataschema": schemas + event.type.rawValue,
            "correlationid": metadata.correlationID,
            "causationid": metadata.causationID,
            "tenant": event.tenant.rawValue,
            "streamrevision": event.revision.description,
            "logposition": position,
            "sequence": String(repeating: "0", count: max(0, 19 - position.count)) + position,
            "partitionkey": event.stream.rawValue,
            "recordedtime": RFC3339.string(from: event.recordedAt),
        ]
        attributes["commandid"] = metadata.commandID
        attributes["traceparent"] = metadata.traceparent
        // An attribute without a value is left out.
        self.attributes = attributes.filter { !$0.value.isEmpty }
        data = event.data
    }

    /// Whether the text is an absolute URI, as a source has to be.
    public static func isSource(_ text: String) -> Bool { text.isAbsoluteURI }
}

extension String {
    /// Whether the text has a scheme and holds only what RFC 3986 allows in a URI.
    fileprivate var isAbsoluteURI: Bool {
        guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")), let first = utf8.first, first.isLetter else {
            return false
        }
        let isScheme = utf8[..<colon].allSatisfy { $0.isLetter || $0.isDigit || "+-.".utf8.contains($0) }
        let rest = utf8[utf8.index(after: colon)...]
        return isScheme && !rest.isEmpty
            && rest.allSatisfy { $0.isLetter || $0.isDigit || "-._~:/?#[]@!$&'()*+,;=%".utf8.contains($0) }
    }
}
