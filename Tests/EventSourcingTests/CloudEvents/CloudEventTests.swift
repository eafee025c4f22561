import EventSourcing
import FoundationEssentials
import Testing

/// What a reader of the format decodes: all attributes are text.
private struct Decoded: Decodable {
    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    var attributes: [String: String] = [:]
    var data: [String: Int]?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for key in container.allKeys {
            if key.stringValue == "data" {
                data = try container.decode([String: Int].self, forKey: key)
            } else {
                attributes[key.stringValue] = try container.decode(String.self, forKey: key)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct CloudEventTests {
    private let id = UUID(uuidString: "01990000-0000-7000-8000-00000000ABCD")!

    private func event(
        data: [UInt8] = Array(#"{"amount": 5}"#.utf8), contentType: String = "application/json",
        correlationID: String = "c-1", commandID: String? = nil, position: Int64 = 42
    ) throws -> RecordedEvent {
        let metadata = EventMetadata(
            correlationID: correlationID, causationID: "cause", commandID: commandID, source: "tests",
            occurredAt: Date(timeIntervalSince1970: 1_750_000_000.25), contentType: contentType)
        return RecordedEvent(
            position: Position(position), stream: try StreamName("tests.thing.v1-acme-7"), revision: Revision(.max),
            id: id, type: try EventType("tests.thing.happened.v3"), data: EventPayload(bytes: data),
            metadata: try EventPayload(encoding: metadata), recordedAt: Date(timeIntervalSince1970: 1_750_000_001))
    }

    private func decoded(_ event: RecordedEvent, source: String = "https://acme.example/things") throws -> Decoded {
        try JSONDecoder().decode(Decoded.self, from: Data(CloudEvent(event, source: source).json))
    }

    @Test func `an event is exported with all of its envelope`() throws {
        let decoded = try decoded(event(commandID: "pay-1"))
        #expect(
            decoded.attributes == [
                "specversion": "1.0", "id": "01990000-0000-7000-8000-00000000abcd",
                "source": "https://acme.example/things", "type": "tests.thing.happened.v3",
                "subject": "tests.thing.v1-acme-7", "time": "2025-06-15T15:06:40.250Z",
                "datacontenttype": "application/json",
                "dataschema": "https://acme.example/things/schemas/tests.thing.happened.v3",
                "correlationid": "c-1", "causationid": "cause", "commandid": "pay-1", "tenant": "acme",
                "streamrevision": "9223372036854775807", "logposition": "42", "sequence": "0000000000000000042",
                "partitionkey": "tests.thing.v1-acme-7", "recordedtime": "2025-06-15T15:06:41Z",
            ])
        #expect(decoded.data == ["amount": 5])
    }

    @Test func `names are those that the specification allows, and the required ones are there`() throws {
        let attributes = try CloudEvent(event(commandID: "x"), source: "urn:acme:things").attributes
        for name in attributes.keys {
            #expect((1...20).contains(name.utf8.count))
            let isAllowed = name.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
            #expect(isAllowed)
        }
        for name in ["id", "source", "specversion", "type"] { #expect(attributes[name]?.isEmpty == false) }
        #expect(attributes["specversion"] == "1.0")
        for name in ["time", "recordedtime"] { #expect(RFC3339.date(from: attributes[name] ?? "") != nil) }
    }

    @Test func `what the metadata does not have is left out`() throws {
        let attributes = try decoded(event(correlationID: "")).attributes
        #expect(attributes["commandid"] == nil)
        #expect(attributes["correlationid"] == nil)
    }

    @Test func `the sequence sorts as text`() throws {
        let sequences = try [9, 10, 99, 100, .max].map {
            try CloudEvent(event(position: $0), source: "urn:x:y").attributes["sequence"] ?? ""
        }
        #expect(sequences == sequences.sorted())
        #expect(Set(sequences).count == 5)
    }

    @Test func `JSON data stands there as it was stored`() throws {
        let data = #"{"amount" : 1.10, "b":"ü"}"#
        for contentType in ["application/json", "application/json; charset=utf-8", "application/vnd.acme+json"] {
            let cloudEvent = try CloudEvent(
                event(data: Array(data.utf8), contentType: contentType), source: "urn:acme:things")
            #expect(String(decoding: cloudEvent.json, as: UTF8.self).hasSuffix(#""data":\#(data)}"#))
        }
    }

    @Test(
        arguments: [
            ([0xFF, 0x00], "application/octet-stream"), (Array("plain".utf8), "text/plain"),
            (Array("{broken".utf8), "application/json"), ([0x22, 0xFF, 0x22], "application/json"),
            ([], "application/json"),
        ] as [([UInt8], String)])
    func `any other data is base64, also when it only claims to be JSON`(
        _ data: [UInt8], _ contentType: String
    ) throws {
        let attributes = try decoded(event(data: data, contentType: contentType)).attributes
        #expect(attributes["data_base64"] == Data(data).base64EncodedString())
        #expect(attributes["datacontenttype"] == contentType)
    }

    @Test func `characters that an attribute must not have are replaced`() throws {
        let attributes = try decoded(event(correlationID: "a\"b\u{01}c\u{85}d\u{FFFF}e")).attributes
        #expect(attributes["correlationid"] == "a\"b\u{FFFD}c\u{FFFD}d\u{FFFD}e")
    }

    @Test(arguments: ["", "things", "/things", "http//x", "1http://x", "https://a b", "urn:", "https://ä"])
    func `a source that is no absolute URI is refused`(_ source: String) throws {
        #expect(throws: InvalidName.self) { try CloudEvent(event(), source: source) }
        #expect(throws: InvalidName.self) { try CloudEvent(event(), source: "urn:x:y", schemas: source) }
    }
}
