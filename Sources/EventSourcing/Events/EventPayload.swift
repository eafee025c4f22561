import FoundationEssentials

/// The data of one event, as the exact bytes that a store keeps.
public struct EventPayload: Hashable, Sendable {
    /// What is stored, byte for byte.
    public let bytes: [UInt8]

    /// Takes bytes as they are; whether they are JSON is up to their readers.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// What stands in place of the data of a redacted event.
    public static let redacted = EventPayload(bytes: Array(#"{"redacted": true}"#.utf8))

    /// Encodes a payload as JSON with sorted keys and RFC 3339 times.
    public init(encoding value: some Encodable) throws {
        bytes = try JSONTextEncoding.encoded(value) ?? [UInt8](JSONEncoder.events.encode(value))
    }

    /// Decodes what ``init(encoding:)`` wrote, now or years ago.
    public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONText(bytes).decoded(as: type) ?? JSONDecoder.events.decode(Value.self, from: Data(bytes))
    }

    /// Whether the bytes are one JSON text.
    var isJSON: Bool { String(validating: bytes, as: UTF8.self) != nil && JSONScanner.isJSON(bytes) }
}

extension JSONEncoder {
    /// What ``EventPayload/init(encoding:)`` writes is what this encoder writes.
    static let events: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.string(from: date))
        }
        return encoder
    }()
}

extension JSONDecoder {
    static let events: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = RFC3339.date(from: text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time: \(text)")
            }
            return date
        }
        return decoder
    }()
}
