import EventSourcing
import HTTPTypes
import Testing

/// A body that creates no invoice, and how it is refused.
struct RefusedBody: CustomTestStringConvertible, Sendable {
    let body: String
    let status: Int
    let code: String
    /// JSON pointer and code of each error.
    let errors: [String: String]

    var testDescription: String { body }

    /// A body with a customer, and one more member.
    static func member(_ member: String, _ errors: [String: String]) -> RefusedBody {
        let amount = member.hasPrefix(#""amount""#) ? "" : #", "amount": 1"#
        return invalid(#"{"customerId": "\#(customer)"\#(amount), \#(member)}"#, errors)
    }

    static func invalid(_ body: String, _ errors: [String: String]) -> RefusedBody {
        RefusedBody(body: body, status: 422, code: "validation-failed", errors: errors)
    }

    static func malformed(_ body: String) -> RefusedBody {
        RefusedBody(body: body, status: 400, code: "malformed-json", errors: [:])
    }
}

@Suite struct RefusedBodyTests {
    static let malformed: [RefusedBody] = [
        "", " ", "{", "}", "nul", "hello", "{]", #"{"a" 1}"#, #"{"a": 1,}"#, #"{a: 1}"#, "{'a': 1}", "{} {}", "[1 2]",
        #"{"amount": 01}"#, #"{"amount": .5}"#, #"{"amount": 1.}"#, #"{"amount": 1e}"#, #"{"amount": -}"#,
        #"{"amount": +1}"#, #"{"amount": NaN}"#, #"{"amount": 0x10}"#, "\u{FEFF}{}", #"{"a": "\x"}"#,
        #"{"a": "\u12"}"#, #"{"a": "\ud800"}"#, #"{"a": "\ud800\u0041"}"#, #"{"a": "\udc00"}"#, #"{"a": "open}"#,
        "{\"a\": \"line\nbreak\"}", String(repeating: "[", count: 33), String(repeating: "[", count: 60_000),
        String(repeating: #"{"a":"#, count: 10_000),
    ].map(RefusedBody.malformed)

    static let amounts: [RefusedBody] = [
        ("12.5", "not-an-integer"), ("12.0", "not-an-integer"), ("1e3", "not-an-integer"), ("1E3", "not-an-integer"),
        ("1e400", "not-an-integer"), ("-1e-400", "not-an-integer"), ("0", "out-of-range"), ("-0", "out-of-range"),
        ("-1", "out-of-range"), ("100000000001", "out-of-range"), ("99999999999999999999", "out-of-range"),
        ("-99999999999999999999", "out-of-range"), (String(repeating: "9", count: 5_000), "out-of-range"),
        (#""12""#, "wrong-type"), ("true", "wrong-type"), ("null", "required"), ("[]", "wrong-type"),
        ("{}", "wrong-type"),
    ].map { .member(#""amount": \#($0)"#, ["/amount": $1]) }

    static let members: [RefusedBody] = [
        .member(#""currency": "XXX""#, ["/currency": "unknown-currency"]),
        .member(#""currency": "eur""#, ["/currency": "unknown-currency"]),
        .member(#""currency": """#, ["/currency": "unknown-currency"]),
        .member(#""currency": 978"#, ["/currency": "wrong-type"]),
        .member(#""dueDate": "2026-02-29""#, ["/dueDate": "not-a-date"]),
        .member(#""dueDate": "31.12.2026""#, ["/dueDate": "not-a-date"]),
        .member(#""dueDate": "2026-12-31T00:00:00Z""#, ["/dueDate": "not-a-date"]),
        .member(#""dueDate": 20261231"#, ["/dueDate": "wrong-type"]),
        .member(#""reference": """#, ["/reference": "invalid-reference"]),
        .member(#""reference": "two\nlines""#, ["/reference": "invalid-reference"]),
        .member(#""reference": "\u0000""#, ["/reference": "invalid-reference"]),
        .member(#""reference": "\#(String(repeating: "x", count: 141))""#, ["/reference": "invalid-reference"]),
        .member(#""reference": {}"#, ["/reference": "wrong-type"]),
        .member(#""curency": "EUR""#, ["/curency": "unknown-member"]),
        .member(#""status": "paid""#, ["/status": "unknown-member"]),
        .member(#""": 1"#, ["/": "unknown-member"]),
        .member(#""a/b~c": 1"#, ["/a~1b~0c": "unknown-member"]),
        .member(#""currency": "EUR", "currency": "USD""#, ["/currency": "duplicate"]),
        .member(#""currency": "EUR", "curr\u0065ncy": "EUR""#, ["/currency": "duplicate"]),
    ]

    private static let wrongLines: [(lines: String, errors: [String: String])] = [
        ("[]", ["/lines": "out-of-range"]),
        ("[\(Array(repeating: line, count: 101).joined(separator: ","))]", ["/lines": "out-of-range"]),
        ("{}", ["/lines": "wrong-type"]), ("1", ["/lines": "wrong-type"]),
        ("[\(line), 7, null]", ["/lines/1": "wrong-type", "/lines/2": "wrong-type"]),
        (
            "[{}]",
            [
                "/lines/0/description": "required", "/lines/0/quantity": "required", "/lines/0/unitPrice": "required",
                "/lines/0/taxRate": "required",
            ]
        ),
        (
            #"""
            [\#(line), {"description": "", "quantity": 1, "unitPrice": 100000000001, "taxRate": 10001, "tax": 1},
            {"description": "x", "quantity": "1.2345", "unitPrice": 1.5, "taxRate": 19, "taxRate": 1}]
            """#,
            [
                "/lines/1/description": "invalid-description", "/lines/1/quantity": "wrong-type",
                "/lines/1/unitPrice": "out-of-range", "/lines/1/taxRate": "out-of-range",
                "/lines/1/tax": "unknown-member", "/lines/2/quantity": "not-a-quantity",
                "/lines/2/unitPrice": "not-an-integer", "/lines/2/taxRate": "duplicate",
            ]
        ),
        (#"[{"description": "x", "quantity": "1", "unitPrice": 0, "taxRate": 0}]"#, ["/lines": "out-of-range"]),
        (
            #"[{"description": "x", "quantity": "1000000", "unitPrice": 100000000000, "taxRate": 10000}]"#,
            ["/lines/0": "out-of-range"]
        ),
        (
            #"""
            [\#(line), {"description": "x", "quantity": "-0", "unitPrice": "1.1234567", "taxRate": 0},
            {"description": "x", "quantity": "+1", "unitPrice": "1e3", "taxRate": 0},
            {"description": "x", "quantity": "1", "unitPrice": "100000000000.1", "taxRate": 0}]
            """#,
            [
                "/lines/1/quantity": "not-a-quantity", "/lines/1/unitPrice": "not-a-price",
                "/lines/2/quantity": "not-a-quantity", "/lines/2/unitPrice": "not-a-price",
                "/lines/3/unitPrice": "not-a-price",
            ]
        ),
        (
            #"""
            [{"description": "x", "quantity": "2", "unitPrice": 500, "taxRate": 1900},
            {"description": "within", "quantity": "1", "unitPrice": -900, "taxRate": 1900},
            {"description": "beyond", "quantity": "-1", "unitPrice": 101, "taxRate": 1900},
            {"description": "another rate", "quantity": "1", "unitPrice": -5, "taxRate": 700}]
            """#,
            ["/lines/2": "credit-too-large", "/lines/3": "credit-too-large"]
        ),
        (
            #"""
            [{"description": "x", "quantity": "1", "unitPrice": 500, "taxRate": 1900},
            {"description": "all of it", "quantity": "-1", "unitPrice": 500, "taxRate": 1900}]
            """#,
            ["/lines": "out-of-range"]
        ),
    ]

    static let lines = wrongLines.map { wrong in
        RefusedBody.invalid(#"{"customerId": "\#(customer)", "lines": \#(wrong.lines)}"#, wrong.errors)
    }

    private static let line = #"{"description": "x", "quantity": "1", "unitPrice": 1, "taxRate": 0}"#

    static let choices: [RefusedBody] = [
        .member(#""lines": [\#(line)]"#, ["/amount": "contradiction"]),
        .member(#""roundingRule": "rate-half-up.v1""#, ["/roundingRule": "contradiction"]),
        .member(#""roundingRule": "half-even""#, ["/roundingRule": "unknown-rounding-rule"]),
        .member(#""series": "inv""#, ["/series": "invalid-series"]),
        .member(#""series": "A", "draft": true"#, ["/series": "contradiction"]),
        .member(#""draft": "yes""#, ["/draft": "wrong-type"]),
    ]

    static let wholes: [RefusedBody] = [
        .invalid("null", ["": "wrong-type"]),
        .invalid("[]", ["": "wrong-type"]),
        .invalid("\"text\"", ["": "wrong-type"]),
        .invalid("12", ["": "wrong-type"]),
        .invalid("true", ["": "wrong-type"]),
        .invalid("[" + String(repeating: "[", count: 31) + String(repeating: "]", count: 32), ["": "wrong-type"]),
        .invalid("{}", ["/customerId": "required", "/amount": "required"]),
        .invalid(#"{"customerId": "acme", "amount": 1}"#, ["/customerId": "not-a-uuid"]),
        .invalid(#"{"customerId": null, "amount": 1}"#, ["/customerId": "wrong-type"]),
        .invalid(
            #"{"amount": 12.5, "currency": "EURO", "dueDate": "soon", "reference": "", "cusomerId": "x"}"#,
            [
                "/customerId": "required", "/amount": "not-an-integer", "/currency": "unknown-currency",
                "/dueDate": "not-a-date", "/reference": "invalid-reference", "/cusomerId": "unknown-member",
            ]),
    ]

    @Test(arguments: malformed + amounts + members + lines + choices + wholes)
    func `a body that says nothing sensible is refused with everything that is wrong`(
        _ refused: RefusedBody
    )
        async throws
    {
        let service = try TestService()
        try await service.test { client in
            let answer = try await client.send(.post, "/invoices", body: refused.body)
            #expect(answer.status == refused.status)
            #expect(answer.json["code"] == .string(refused.code))
            #expect(answer.json["type"] == .string("/problems/" + refused.code))
            let errors = answer.json["errors"].elements.map { ($0["pointer"].string ?? "", $0["code"].string ?? "") }
            #expect(Dictionary(uniqueKeysWithValues: errors) == refused.errors)
            #expect(try await service.store.base.head() == .start)
        }
    }

    @Test func `an invoice of nothing is told that it can have lines, too`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.post, "/invoices", body: #"{"customerId": "\#(customer)"}"#)
            let errors = answer.json["errors"].elements
            #expect(errors.map { $0["pointer"] } == ["/amount"])
            #expect(errors.first?["detail"].string?.hasPrefix("An invoice needs an amount or lines.") == true)
        }
    }

    @Test func `a syntax error tells line and column`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices", body: "{\n  \"amount\": 1\n  \"currency\": \"EUR\"\n}")
            #expect(answer.json["detail"] == "Line 3, column 3: expected a comma or a closing brace.")
        }
    }

    @Test(arguments: [
        [0xFF], [0x22, 0xC3, 0x28, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22], [0],
    ])
    func `bytes that are not UTF-8 are refused`(_ bytes: [UInt8]) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.post, "/invoices", bytes: bytes)
            #expect(answer.status == 400)
            #expect(answer.json["code"] == "malformed-json")
        }
    }

    @Test func `thousands of mistakes are counted, and the first of them named`() async throws {
        try await TestService().test { client in
            let members = (0..<5_000).map { #""m\#($0)":1"# }.joined(separator: ",")
            let answer = try await client.send(.post, "/invoices", body: "{\(members)}")
            #expect(answer.status == 422)
            #expect(answer.json["errors"].elements.count == 50)
            #expect(answer.json["detail"].string?.hasPrefix("5002 values are wrong") == true)
        }
    }

    @Test func `a body of more than 64 KiB is refused`() async throws {
        try await TestService().test { client in
            let body = #"{"reference": ""# + String(repeating: "x", count: 64 * 1024) + #""}"#
            let answer = try await client.send(.post, "/invoices", body: body)
            #expect(answer.status == 413)
            #expect(answer.json["code"] == "body-too-large")
        }
    }

    @Test(arguments: ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"])
    func `a body that is not declared as JSON is refused`(_ mediaType: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices", headers: [.contentType: mediaType], body: "{}")
            #expect(answer.status == 415)
            #expect(answer.json["code"] == "unsupported-media-type")
        }
    }

    @Test(arguments: ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;"])
    func `JSON is declared in any of its spellings`(_ mediaType: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices", headers: [.contentType: mediaType],
                body: #"{"customerId": "\#(customer)", "amount": 1}"#)
            #expect(answer.status == 201)
        }
    }

    @Test func `a compressed body is refused`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices", headers: [.contentEncoding: "gzip"], body: "{}")
            #expect(answer.status == 415)
        }
    }
}
