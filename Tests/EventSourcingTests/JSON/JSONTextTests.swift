import EventSourcingTesting
import Foundation
import Testing

@testable import EventSourcing

/// What ``JSONText`` decodes beside what `JSONDecoder` makes of the same bytes.
@Suite struct JSONTextTests {
    private struct Part: Codable, Hashable {
        var text: String
        var number: Int64?
        var rest: [String: [Int]]
    }

    private struct Whole: Codable, Hashable {
        enum Kind: String, Codable { case one, two }

        var text: String
        var optional: String?
        var kind: Kind
        var flag: Bool
        var small: Int8
        var large: Int64
        var unsigned: UInt32
        var double: Double
        var float: Float?
        var time: Date
        var id: UUID
        var data: Data?
        var parts: [Part]
        var maybe: [Bool?]
        var nested: [[Int]]
        var either: Either?
    }

    /// Tries one thing, and then another.
    private enum Either: Codable, Hashable {
        case number(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "", "a", "Größe", "日本", "\"", "\\", "/", "\n\t", "\u{1}", "😀", "{\"a\":[1,", "null", "\u{FEFF}", "e\u{301}",
        ]
        return (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
    }

    private static func whole(_ random: inout SeededGenerator) -> Whole {
        func chance() -> Bool { Bool.random(using: &random) }
        return Whole(
            text: text(&random), optional: chance() ? text(&random) : nil, kind: chance() ? .one : .two, flag: chance(),
            small: .random(in: .min ... .max, using: &random),
            large: chance() ? .random(in: .min ... .max, using: &random) : .random(in: -9_999...9_999, using: &random),
            unsigned: .random(in: .min ... .max, using: &random),
            double: chance() ? .random(in: -1e6...1e6, using: &random) : Double(Int.random(in: -9...9, using: &random)),
            float: chance() ? 0.5 : nil,
            time: Date(timeIntervalSince1970: Double(Int.random(in: 0...4_000_000_000, using: &random))),
            id: UUID(), data: chance() ? Data([1, 2]) : nil,
            parts: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Part(text: text(&random), number: chance() ? 7 : nil, rest: [text(&random): [1, -2], "b": []])
            },
            maybe: [true, nil, false].shuffled(using: &random), nested: [[], [1], [2, 3]],
            either: chance() ? .number(-4) : .text(text(&random)))
    }

    private func reference<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        try? JSONDecoder.events.decode(type, from: Data(bytes))
    }

    @Test func `what was encoded is decoded, and most often without JSONDecoder`() throws {
        var (random, sure) = (SeededGenerator(seed: 1), 0)
        for _ in 0..<2_000 {
            var whole = Self.whole(&random)
            let isPlain = random.next() % 2 == 0
            if isPlain { (whole.float, whole.data, whole.either, whole.large) = (nil, nil, nil, 12) }
            let payload = try EventPayload(encoding: whole)
            #expect(try payload.decode(Whole.self) == whole)
            guard let found = JSONText(payload.bytes).decoded(as: Whole.self) else { continue }
            #expect(found == whole)
            sure += 1
        }
        #expect(sure >= 400)
    }

    @Test func `bytes that were tampered with mean what JSONDecoder says`() throws {
        var (random, sure) = (SeededGenerator(seed: 2), 0)
        let pieces: [[UInt8]] =
            [
                "", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0041", "\\ud83d", "0", "-", "1.0", "1e2", "e", "null",
                "true", " ",
                "9223372036854775808", "\"text\":", "\"flag\":1,", "\u{0}", "99999",
            ].map { Array($0.utf8) } + [[0xFF], [0xC3]]
        for _ in 0..<20_000 {
            var whole = Self.whole(&random)
            (whole.float, whole.data, whole.either, whole.large) = (nil, nil, nil, 12)
            var bytes = try EventPayload(encoding: whole).bytes
            let start = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, start + Int.random(in: 0...3, using: &random))
            bytes.replaceSubrange(start..<end, with: pieces.randomElement(using: &random)!)
            guard let found = JSONText(bytes).decoded(as: Whole.self) else { continue }
            #expect(found == reference(Whole.self, bytes), "\(String(decoding: bytes, as: UTF8.self))")
            sure += 1
        }
        #expect(sure >= 500)
    }

    @Test(arguments: [
        "1.0", "1e2", "-0", "01", "12345678901234567890", "128", "\"1\"", "true", "null", "[]", "{}", "", " 7 ", "7 7",
        "-",
    ])
    func `numbers are decoded as JSONDecoder decodes them`(_ json: String) {
        let bytes = Array(json.utf8)
        #expect((try? EventPayload(bytes: bytes).decode(Int8.self)) == reference(Int8.self, bytes))
        #expect((try? EventPayload(bytes: bytes).decode(UInt8.self)) == reference(UInt8.self, bytes))
        #expect((try? EventPayload(bytes: bytes).decode(Double.self)) == reference(Double.self, bytes))
        #expect((try? EventPayload(bytes: bytes).decode(Either.self)) == reference(Either.self, bytes))
        #expect((try? EventPayload(bytes: bytes).decode([Int].self)) == reference([Int].self, bytes))
    }

    @Test func `a member that stands twice, is escaped or missing is for JSONDecoder`() throws {
        struct Named: Codable, Hashable { var name: String }
        for json in [#"{"name":"a","name":"b"}"#, #"{"n\u0061me":"a"}"#, "{}", #"{"name":null}"#, #"{"name":1}"#] {
            #expect(JSONText(Array(json.utf8)).decoded(as: Named.self) == nil, "\(json)")
            let payload = EventPayload(bytes: Array(json.utf8))
            #expect((try? payload.decode(Named.self)) == reference(Named.self, payload.bytes), "\(json)")
        }
    }

    @Test func `what is wrong is said by JSONDecoder, with its path`() {
        let payload = EventPayload(bytes: Array(#"{"text":"a","rest":{"b":["x"]}}"#.utf8))
        #expect {
            try payload.decode(Part.self)
        } throws: { error in
            guard case DecodingError.typeMismatch(_, let context) = error else { return false }
            return context.codingPath.map(\.stringValue) == ["rest", "b", "Index 0"]
        }
    }
}
