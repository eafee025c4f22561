import EventSourcing
import Foundation
import Testing

@testable import HTTPConventions

@Suite struct JSONTests {
    @Test func `a value keeps its members in order, repeated ones included, and numbers as they were written`() throws {
        let json = try JSONParser.parse(Array(#" {"b": [1, -0.50e+7, {}], "a": null, "b": true} "#.utf8))
        #expect(
            json
                == .object([
                    .init(name: "b", value: .array([.number("1"), .number("-0.50e+7"), .object([])])),
                    .init(name: "a", value: .null), .init(name: "b", value: .bool(true)),
                ]))
    }

    @Test(arguments: ["", "\u{0}\u{1F}\u{7F}", "\"\\/\n\r\t", "ä€😀", "e\u{301}", "\u{2028}"])
    func `text survives writing and reading, by Foundation's reader and our own`(text: String) throws {
        let bytes = JSONWriter.bytes { $0.string(text) }
        #expect(try JSONParser.parse(bytes) == .string(text))
        #expect(try JSONDecoder().decode(String.self, from: Data(bytes)) == text)
    }

    @Test func `commas stand between values, and nowhere else`() {
        let bytes = JSONWriter.bytes { json in
            json.object { json in
                json.member("a", Int64.min)
                json.member("b") { $0.array([[1], [], [2, 3]]) { $0.array($1) { $0.literal("\($1)") } } }
                json.member("c", nil as String?)
                json.member("d") { $0.object { _ in } }
                json.member("e", "")
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text == #"{"a":-9223372036854775808,"b":[[1],[],[2,3]],"c":null,"d":{},"e":""}"#)
    }

    @Test func `random bytes are refused or read, but never crash the parser`() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]",:\u0dc89eE+-.truefalsn "#.utf8) + [0, 0x0A, 0x7F, 0xC3, 0xA4, 0xED, 0xFF]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24)).map { _ in alphabet.randomElement(using: &generator)! }
            let ours = try? JSONParser.parse(bytes)
            let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            if ours != nil, theirs == nil { #expect(bytes.contains(0x65) || bytes.contains(0x45)) }
        }
    }
}
