import EventSourcing
import Foundation
import Testing

@Suite struct CommandSchemaTests {
    private struct Order: Codable, Hashable {
        let id: String
        let customer: UUID
        let placedAt: Date
        let kind: String
        let isGift: Bool?
        let address: Address
        let lines: [Line]

        struct Address: Codable, Hashable { let city: String }

        struct Line: Codable, Hashable { let count: Int64 }

        static let schema = CommandSchema<Order>(
            .id("id"), .uuid("customer"), .time("placedAt"), .choice("kind", of: ["web", "shop"]),
            .bool("isGift").optional, .object("address", .text("city", in: 1...20)),
            .objects("lines", count: 1...3, .integer("count", in: 1...99)))
    }

    private static func decode(_ json: String) throws(InvalidFields) -> Order {
        try Order.schema.decode(EventPayload(bytes: Array(json.utf8)))
    }

    @Test func `a command that is right is decoded, and what may be left out may be null`() throws {
        let id = "0190a1b2-0000-7000-8000-000000000001"
        let order = try Self.decode(
            """
            {"id": "o-1", "customer": "\(id)", "placedAt": "2026-01-02T03:04:05Z", "kind": "web", "isGift": null,
            "address": {"city": "Köln"}, "lines": [{"count": 1}, {"count": 99}]}
            """)
        #expect(order.customer == UUID(uuidString: id) && order.lines.map(\.count) == [1, 99])
        #expect(order.isGift == nil && order.address.city == "Köln")
    }

    @Test func `all wrong fields are named at once, with a pointer, a code and a sentence`() throws {
        let error = #expect(throws: InvalidFields.self) {
            try Self.decode(
                """
                {"id": "no spaces", "customer": "x", "placedAt": "yesterday", "kind": "mail", "isGift": 1,
                "address": {"city": "", "street/no": 1}, "lines": [{"count": 1.5}, 7, {}], "colour": "red"}
                """)
        }
        let errors = try #require(error).errors
        #expect(
            errors.map { "\($0.pointer) \($0.code.name)" } == [
                "/id invalid-text", "/customer not-a-uuid", "/placedAt not-a-time", "/kind unknown-value",
                "/isGift wrong-type", "/address/city invalid-text", "/address/street~1no unknown-member",
                "/lines/0/count not-an-integer", "/lines/1 wrong-type", "/lines/2/count required",
                "/colour unknown-member",
            ])
        #expect(errors.allSatisfy { $0.detail.hasSuffix(".") })
        #expect(error?.category == .validation)
    }

    @Test(arguments: [("", "not-json"), ("{", "not-json"), ("[]", "wrong-type"), ("null", "wrong-type")])
    func `what is no object is one error`(json: String, code: String) {
        let error = #expect(throws: InvalidFields.self) { try Self.decode(json) }
        #expect(error?.errors.map(\.code.name) == [code])
        #expect(error?.errors.first?.pointer == "")
    }

    @Test func `a schema that is wider than its type names the field that does not decode`() {
        struct Narrow: Codable { let count: Int8 }
        let error = #expect(throws: InvalidFields.self) {
            try CommandSchema<Narrow>(.integer("count", in: 0...1_000)).decode(
                EventPayload(bytes: Array(#"{"count": 300}"#.utf8)))
        }
        #expect(error?.errors.first?.code == .wrongType)
    }

    @Test func `a rule over several fields is looked at when each is right by itself`() throws {
        func decode(_ json: String) throws -> CountUp {
            try CountUp.schema.decode(EventPayload(bytes: Array(json.utf8)))
        }
        #expect(try decode(#"{"counter": "a", "step": 2, "limit": 2}"#) == CountUp(counter: "a", step: 2, limit: 2))
        let error = #expect(throws: InvalidFields.self) {
            try decode(#"{"counter": "a", "step": 3, "limit": 2}"#)
        }
        #expect(error?.errors.map(\.pointer) == ["/limit"] && error?.errors.first?.code == .contradiction)
    }

    @Test func `the fields are printed as a JSON Schema`() throws {
        let printed = try JSONSerialization.jsonObject(with: Data(CountUp.schema.jsonSchema.utf8)) as? NSDictionary
        #expect(
            printed == [
                "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                "additionalProperties": false, "required": ["counter", "step"],
                "properties": [
                    "counter": ["type": "string", "pattern": "^[A-Za-z0-9_.:~-]{1,128}$"],
                    "step": ["type": "integer", "minimum": 0, "maximum": 1_000],
                    "limit": ["type": "integer", "minimum": 0, "maximum": 1_000],
                ],
            ])
    }
}
