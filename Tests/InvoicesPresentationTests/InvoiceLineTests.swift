import EventSourcing
import HTTPTypes
import HummingbirdTesting
import InvoicesDomain
import Testing

/// Tax by rate, discounts, and prices finer than a minor unit.
@Suite(.timeLimit(.minutes(5))) struct InvoiceLineTests {
    /// Ten lines of 2 × 348.11 at 25 %.
    private static let tenLines =
        "["
        + Array(
            repeating: #"{"description": "Work", "quantity": "2", "unitPrice": 34811, "taxRate": 2500}"#, count: 10
        ).joined(separator: ",") + "]"

    private static func body(_ lines: String, _ more: String = "") -> String {
        #"{"customerId": "\#(customer)", "lines": \#(lines)\#(more)}"#
    }

    private static let byRate = #", "roundingRule": "rate-half-up.v1""#

    @Test func `the rounding rule is the request's, or else the service's`() async throws {
        let expected: [(service: RoundingRule, request: String, rule: Value, tax: Value)] = [
            (.lineHalfUp, "", "line-half-up.v1", 174_060),
            (.lineHalfUp, Self.byRate, "rate-half-up.v1", 174_055),
            (.rateHalfUp, "", "rate-half-up.v1", 174_055),
            (.rateHalfUp, #", "roundingRule": null"#, "rate-half-up.v1", 174_055),
            (.rateHalfUp, #", "roundingRule": "line-half-up.v1""#, "line-half-up.v1", 174_060),
        ]
        for (service, request, rule, tax) in expected {
            try await TestService(roundingRule: service).test { client in
                let answer = try await client.send(.post, "/invoices", body: Self.body(Self.tenLines, request))
                #expect(answer.status == 201)
                #expect(answer.json["roundingRule"] == rule)
                #expect(answer.json["netAmount"] == 696_220)
                #expect(answer.json["taxAmount"] == tax)
                #expect(answer.json["taxes"].elements.count == 1)
                #expect(answer.json["taxes"][0]["taxAmount"] == tax)
                let hasTax = answer.json["lines"].elements.allSatisfy { $0["taxAmount"] != .null }
                #expect(hasTax == (rule == "line-half-up.v1"))
                let path = try #require(answer.headers[.location])
                #expect(try await client.send(.get, path).json == answer.json)
                let event = try await client.send(.get, path + "/events").json["data"][0]["data"]["terms"]
                #expect(event["roundingRule"] == rule)
                #expect(event["taxAmount"] == tax)
                let page = try await client.send(.get, path, headers: [.accept: "text/html"]).text
                let printed = tax == 174_055 ? "1\u{202F}740.55" : "1\u{202F}740.60"
                #expect(
                    page.contains("<td>Tax, 25\u{A0}% of 6\u{202F}962.20</td><td>\(printed)\u{A0}EUR</td>"))
            }
        }
    }

    @Test func `an invoice of a batch has the service's rule, too`() async throws {
        try await TestService(roundingRule: .rateHalfUp).test { client in
            let body = #"{"invoices": [\#(Self.body(Self.tenLines)), \#(Self.body("[]"))]}"#
            let answer = try await client.send(.post, "/invoices/batch", body: body)
            #expect(answer.json["outcomes"][0]["invoice"]["taxAmount"] == 174_055)
            #expect(answer.json["outcomes"][1]["problem"]["errors"][0]["pointer"] == "/invoices/1/lines")
        }
    }

    @Test func `a draft is rounded anew by another rule, and keeps its own`() async throws {
        try await TestService().test { client in
            let body = Self.body(Self.tenLines, #", "draft": true"#)
            let path = try #require(try await client.send(.post, "/invoices", body: body).headers[.location])
            let other = try await client.send(.patch, path, body: #"{"roundingRule": "rate-half-up.v1"}"#)
            #expect(other.status == 200)
            #expect(other.json["taxAmount"] == 174_055)
            #expect(other.json["revision"] == 1)
            let lines = #"[{"description": "x", "quantity": "1", "unitPrice": 1, "taxRate": 0}]"#
            let kept = try await client.send(.patch, path, body: #"{"lines": \#(lines)}"#)
            #expect(kept.json["roundingRule"] == "rate-half-up.v1")
            let plain = try await client.send(.patch, path, body: #"{"amount": 7}"#)
            #expect(plain.json["roundingRule"] == .null)
            #expect(plain.json["taxes"] == .array([]))
            for body in [#"{"roundingRule": "line-half-up.v1"}"#, #"{"amount": 8, "roundingRule": "line-half-up.v1"}"#]
            {
                let refused = try await client.send(.patch, path, body: body)
                #expect(refused.status == 422)
                #expect(refused.json["errors"].elements.map { $0["pointer"] } == ["/roundingRule"])
                #expect(refused.json["errors"][0]["code"] == "contradiction")
            }
            #expect(try await client.send(.patch, path, body: #"{"roundingRule": null}"#).status == 422)
        }
    }

    @Test func `a discount is a line below zero, in the answer and on the page`() async throws {
        try await TestService().test { client in
            let lines = #"""
                [{"description": "Goods", "quantity": "2", "unitPrice": 500, "taxRate": 1900},
                 {"description": "Discount", "quantity": "1", "unitPrice": -200, "taxRate": 1900},
                 {"description": "Credit", "quantity": "-1.5", "unitPrice": 100, "taxRate": 1900}]
                """#
            let answer = try await client.send(.post, "/invoices", body: Self.body(lines))
            #expect(answer.status == 201)
            #expect(["netAmount", "taxAmount", "amount"].map { answer.json[$0] } == [650, 123, 773])
            #expect(answer.json["lines"].elements.map { $0["netAmount"] } == [1000, -200, -150])
            #expect(answer.json["lines"].elements.map { $0["taxAmount"] } == [190, -38, -29])
            #expect(answer.json["lines"][2]["quantity"] == "-1.5")
            #expect(answer.json["taxes"][0]["amount"] == 773)
            let path = try #require(answer.headers[.location])
            let page = try await client.send(.get, path, headers: [.accept: "text/html"]).text
            #expect(page.contains("<td>1</td><td>−2.00</td><td>19\u{A0}%</td><td>−2.00</td>"))
            #expect(page.contains("<td>−1.5</td><td>1.00</td>"))
        }
    }

    @Test func `what takes off more than there is is refused with the line and the rate`() async throws {
        try await TestService().test { client in
            let lines = #"""
                [{"description": "Goods", "quantity": "2", "unitPrice": 500, "taxRate": 1900},
                 {"description": "Discount", "quantity": "1", "unitPrice": -10, "taxRate": 700}]
                """#
            let answer = try await client.send(.post, "/invoices", body: Self.body(lines))
            #expect(answer.status == 422)
            #expect(answer.json["errors"].elements.count == 1)
            #expect(answer.json["errors"][0]["pointer"] == "/lines/1")
            #expect(answer.json["errors"][0]["code"] == "credit-too-large")
            #expect(answer.json["errors"][0]["detail"].string?.contains("tax rate 700 come to -10") == true)
            let batch = try await client.send(.post, "/invoices/batch", body: #"{"invoices": [\#(Self.body(lines))]}"#)
            #expect(batch.json["outcomes"][0]["problem"]["errors"][0]["pointer"] == "/invoices/0/lines/1")
            #expect(try await client.send(.get, "/invoices").json["data"] == .array([]))
        }
    }

    @Test(
        arguments: [
            ("EUR", "348.11", "\"34811\"", 34811, "348.11"), ("EUR", "31.4159", "\"31.415900\"", "31.4159", "0.314159"),
            ("JPY", "0.5", "\"0.5\"", "0.5", "0.5"), ("KWD", "1.000001", "\"1.000001\"", "1.000001", "0.001000001"),
            ("EUR", "-1.5", "\"-150\"", -150, "−1.50"),
            ("EUR", "1234567.5", "\"123456750\"", 123_456_750, "1\u{202F}234\u{202F}567.50"),
        ] as [(String, String, String, Value, String)])
    func `a unit price is an integer, or a decimal where it is finer than a minor unit`(
        currency: String, meaning: String, sent: String, answered: Value, printed: String
    ) async throws {
        for rule in RoundingRule.allCases {
            try await TestService(roundingRule: rule).test { client in
                let lines = #"""
                    [{"description": "x", "quantity": "1", "unitPrice": \#(sent), "taxRate": 0},
                     {"description": "y", "quantity": "1", "unitPrice": 100000, "taxRate": 0}]
                    """#
                let body = Self.body(lines, #", "currency": "\#(currency)""#)
                let answer = try await client.send(.post, "/invoices", body: body)
                #expect(answer.status == 201, "\(meaning)")
                #expect(answer.json["lines"][0]["unitPrice"] == answered)
                let path = try #require(answer.headers[.location])
                #expect(try await client.send(.get, path).json == answer.json)
                let page = try await client.send(.get, path, headers: [.accept: "text/html"]).text
                #expect(page.contains("<td>1</td><td>\(printed)</td>"))
            }
        }
    }

    @Test func `a draft whose price is sent as it is already does not change, however it is written`() async throws {
        try await TestService().test { client in
            func lines(_ price: String) -> String {
                #"[{"description": "x", "quantity": "1", "unitPrice": \#(price), "taxRate": 0}]"#
            }
            let body = Self.body(lines("1250"), #", "draft": true"#)
            let path = try #require(try await client.send(.post, "/invoices", body: body).headers[.location])
            let same = try await client.send(.patch, path, body: #"{"lines": \#(lines(#""1250.000""#))}"#)
            #expect(same.json["revision"] == 0)
            let finer = try await client.send(.patch, path, body: #"{"lines": \#(lines(#""1250.001""#))}"#)
            #expect(finer.json["revision"] == 1)
            #expect(finer.json["amount"] == 1250)
        }
    }
}
