import EventSourcingTesting
import Foundation
import Testing

@testable import EventSourcing

/// What ``JSONTextEncoding`` writes beside what `JSONEncoder` writes for the same value.
@Suite struct JSONTextEncodingTests {
    /// A value that is encoded by way of every kind of container.
    private indirect enum Tree: Encodable {
        case null
        case flag(Bool)
        case integer(Int64)
        case small(Int8)
        case unsigned(UInt64)
        case double(Double)
        case float(Float)
        case text(String)
        case time(Date)
        case id(UUID)
        case list([Tree])
        case members([(String, Tree)])
        /// The same, by nested containers.
        case nested([(String, Int)], [String])

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .null: try single(encoder) { try $0.encodeNil() }
            case .flag(let value): try single(encoder) { try $0.encode(value) }
            case .integer(let value): try single(encoder) { try $0.encode(value) }
            case .small(let value): try single(encoder) { try $0.encode(value) }
            case .unsigned(let value): try single(encoder) { try $0.encode(value) }
            case .double(let value): try single(encoder) { try $0.encode(value) }
            case .float(let value): try single(encoder) { try $0.encode(value) }
            case .text(let value): try single(encoder) { try $0.encode(value) }
            case .time(let value): try single(encoder) { try $0.encode(value) }
            case .id(let value): try single(encoder) { try $0.encode(value) }
            case .list(let elements):
                var container = encoder.unkeyedContainer()
                for element in elements {
                    #expect(container.count < elements.count)
                    if case .text(let text) = element {
                        try container.encode(text)
                    } else {
                        try container.encode(element)
                    }
                }
            case .members(let members):
                var container = encoder.container(keyedBy: Key.self)
                for (name, value) in members {
                    let key = Key(stringValue: name)
                    switch value {
                    case .null: try container.encodeNil(forKey: key)
                    case .text(let text): try container.encodeIfPresent(text, forKey: key)
                    case .integer(let number): try container.encode(number, forKey: key)
                    case .time(let time): try container.encode(time, forKey: key)
                    default: try container.encode(value, forKey: key)
                    }
                }
            case .nested(let members, let elements):
                var container = encoder.container(keyedBy: Key.self)
                var object = container.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: "z"))
                for (name, value) in members { try object.encode(value, forKey: Key(stringValue: name)) }
                var list = container.nestedUnkeyedContainer(forKey: Key(stringValue: "a"))
                for element in elements { try list.encode(element) }
                var inner = list.nestedUnkeyedContainer()
                try inner.encode(1)
                var members = list.nestedContainer(keyedBy: Key.self)
                try members.encode(true, forKey: Key(stringValue: "flag"))
                try container.encode("after", forKey: Key(stringValue: "m"))
            }
        }

        private func single(
            _ encoder: any Encoder, _ encode: (inout any SingleValueEncodingContainer) throws -> Void
        ) throws {
            var container = encoder.singleValueContainer()
            try encode(&container)
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static let names = [
        "a", "A", "b", "aa", "a1", "a10", "a2", "_", "$personal", "Z", "zeta", "invoiceId", "invoiceID", "", " ", "a-b",
    ]
    private static let unusualNames = ["ä", "é", "e\u{301}", "\"", "\\", "\n", "日", "\u{7F}"]
    private static let texts = [
        "", "a", "Größe", "日本", "\"", "\\", "/", "\n\t\r\u{8}\u{C}", "\u{0}\u{1}\u{1F}", "\u{7F}", "😀", "e\u{301}",
        "\u{2028}\u{2029}", "</script>",
    ]

    private static func tree(_ random: inout SeededGenerator, depth: Int = 0, unusual: Bool) -> Tree {
        let names = unusual ? Self.names + unusualNames : Self.names
        func some() -> Int { Int.random(in: 0...(depth > 3 ? 0 : 5), using: &random) }
        switch Int.random(in: 0..<14, using: &random) {
        case 0: return .null
        case 1: return .flag(.random(using: &random))
        case 2: return .integer(.random(in: .min ... .max, using: &random))
        case 3: return .small(.random(in: .min ... .max, using: &random))
        case 4: return .unsigned(.random(in: .min ... .max, using: &random))
        case 5: return .double(Double(Int.random(in: -99...99, using: &random)) / 4)
        case 6: return .double(Double(bitPattern: random.next()))
        case 7: return .float(Float(bitPattern: UInt32(truncatingIfNeeded: random.next())))
        case 8: return .time(Date(timeIntervalSince1970: .random(in: -1e9...1e10, using: &random)))
        case 9: return .id(UUID())
        case 10: return .list((0..<some()).map { _ in tree(&random, depth: depth + 1, unusual: unusual) })
        case 11, 12:
            return .members(
                names.shuffled(using: &random).prefix(some()).map {
                    ($0, tree(&random, depth: depth + 1, unusual: unusual))
                })
        default:
            guard depth < 2, random.next() % 4 == 0 else { return .text(texts.randomElement(using: &random)!) }
            return .nested(
                names.shuffled(using: &random).prefix(some()).map { ($0, 1) },
                (0..<some()).map { _ in texts.randomElement(using: &random)! })
        }
    }

    private func reference(_ value: some Encodable) -> [UInt8]? {
        (try? JSONEncoder.events.encode(value)).map { [UInt8]($0) }
    }

    @Test(arguments: [false, true])
    func `whatever is encoded has the bytes of JSONEncoder`(unusual: Bool) throws {
        var (random, sure) = (SeededGenerator(seed: unusual ? 4 : 3), 0)
        for _ in 0..<4_000 {
            let tree = Self.tree(&random, unusual: unusual)
            guard let bytes = JSONTextEncoding.encoded(tree) else { continue }
            sure += 1
            let expected = reference(tree)
            #expect(
                bytes == expected,
                "\(String(decoding: bytes, as: UTF8.self)) is \(String(decoding: expected ?? [], as: UTF8.self))")
        }
        #expect(sure > 2_500)
    }

    @Test func `a payload as events have it is encoded without JSONEncoder`() throws {
        struct Line: Codable {
            var description: String
            var price: Int64
            var rate: Int?
        }
        struct Payload: Codable {
            var zeta: String
            var id: UUID
            var lines: [Line]
            var at: Date
            var note: String?
            var totals: [String: Int]
        }
        let payload = Payload(
            zeta: "Größe \"XL\"\n", id: UUID(), lines: [Line(description: "a/b", price: 1, rate: nil)],
            at: Date(timeIntervalSince1970: 1_790_000_000.25), note: nil, totals: ["b": 1, "a": 2, "a1": 3])
        #expect(JSONTextEncoding.encoded(payload) == reference(payload))
        #expect(try EventPayload(encoding: payload).bytes == reference(payload))
    }

    @Test func `what it is not sure of is for JSONEncoder`() throws {
        struct Twice: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(1, forKey: Key(stringValue: "a"))
                try container.encode(2, forKey: Key(stringValue: "a"))
            }
        }
        struct Nothing: Encodable { func encode(to encoder: any Encoder) {} }
        struct Secret: Encodable { func encode(to encoder: any Encoder) throws { throw CancellationError() } }
        struct Late: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                var nested = container.nestedUnkeyedContainer(forKey: Key(stringValue: "a"))
                try container.encode(1, forKey: Key(stringValue: "b"))
                try nested.encode(1)
            }
        }
        struct Path: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(encoder.codingPath.count)
            }
        }
        struct Super: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try 1.encode(to: container.superEncoder())
            }
        }
        let values: [any Encodable] = [
            Twice(), [Nothing()], Secret(), Late(), Path(), Super(), Double.nan, -Double.infinity, Data([1]),
            URL(string: "https://a.example/b")!, Decimal(string: "0.10")!, ["ä": 1],
        ]
        for value in values {
            #expect(JSONTextEncoding.encoded(value) == nil, "\(value)")
            #expect((try? EventPayload(encoding: value))?.bytes == reference(value), "\(value)")
        }
    }
}
