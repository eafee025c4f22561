import HTTPTypes
import Testing

/// Text that comes in: one form of it, and what is none.
@Suite(.timeLimit(.minutes(5))) struct TextTests {
    private static let decomposed = "Cafe\u{301}"
    private static let composed = "Caf\u{E9}"

    @Test func `text is answered in NFC, and the other form of it changes nothing`() async throws {
        try await TestService().test { client in
            let draft = try await client.send(
                .post, "/invoices",
                body: #"""
                    {"customerId": "\#(customer)", "reference": "\#(Self.decomposed)", "draft": true, "lines":
                     [{"description": "\#(Self.decomposed)", "quantity": "1", "unitPrice": 1, "taxRate": 0}]}
                    """#)
            let path = try #require(draft.headers[.location])
            for text in [draft.json["reference"].string, draft.json["lines"][0]["description"].string] {
                #expect(try #require(text).utf8.elementsEqual(Self.composed.utf8))
            }
            let same = try await client.send(.patch, path, body: #"{"reference": "\#(Self.composed)"}"#)
            #expect(same.json["revision"] == 0)
            let void = try await client.send(.post, path + "/void", body: #"{"reason": "\#(Self.decomposed)"}"#)
            #expect(try #require(void.json["voidReason"].string).utf8.elementsEqual(Self.composed.utf8))
        }
    }

    @Test(arguments: [composed, decomposed, "CAF\u{C9}", "CAFE\u{301}"])
    func `a list finds either form by either`(query: String) async throws {
        try await TestService().test { client in
            for reference in [Self.composed, Self.decomposed] {
                _ = try await client.send(
                    .post, "/invoices",
                    body: #"{"customerId": "\#(customer)", "amount": 1, "reference": "\#(reference)"}"#)
            }
            let encoded = query.utf8.map { "%" + String($0, radix: 16) }.joined()
            let page = try await client.send(.get, "/invoices?q=\(encoded)")
            #expect(page.json["data"].elements.count == 2)
        }
    }

    @Test(arguments: ["\u{A0}", "\u{200B}\u{FEFF}", "\u{3164}", "\u{2800}", "a\u{2028}b", "a\u{85}b", "a\u{202E}b"])
    func `blank text, and text that is not on one line, is refused wherever it stands`(text: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let paid = try await client.createdInvoice()
            let line = #"{"description": "\#(text)", "quantity": "1", "unitPrice": 1, "taxRate": 0}"#
            let requests: [(HTTPRequest.Method, String, String, String, String)] = [
                (.patch, path, #"{"reference": "\#(text)"}"#, "/reference", "invalid-reference"),
                (.patch, path, #"{"lines": [\#(line)]}"#, "/lines/0/description", "invalid-description"),
                (.post, path + "/void", #"{"reason": "\#(text)"}"#, "/reason", "invalid-reason"),
                (.post, paid + "/pay", #"{"reference": "\#(text)"}"#, "/reference", "invalid-reference"),
                (.post, paid + "/refund", #"{"reason": "\#(text)"}"#, "/reason", "invalid-reason"),
                (
                    .post, "\(paid)/payments/0190a1b2-0000-7000-8000-00000000b001/reverse",
                    #"{"reason": "\#(text)"}"#, "/reason", "invalid-reason"
                ),
            ]
            for (method, path, body, pointer, code) in requests {
                let answer = try await client.send(method, path, body: body)
                #expect(answer.status == 422)
                #expect(answer.json["errors"][0]["pointer"].string == pointer)
                #expect(answer.json["errors"][0]["code"].string == code)
            }
            let encoded = text.utf8.map { "%" + String($0, radix: 16) }.joined()
            let page = try await client.send(.get, "/invoices?q=\(encoded)")
            #expect(page.status == 400)
            #expect(page.json["errors"][0]["code"] == "invalid-text")
        }
    }

    @Test(arguments: [("ANG", "XCG"), ("BGN", "EUR"), ("HRK", "EUR"), ("ZWL", "ZWG")])
    func `a currency that was withdrawn is refused, and its successor is named`(
        code: String, successor: String
    ) async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let answers = [
                try await client.send(
                    .post, "/invoices", body: #"{"customerId": "\#(customer)", "amount": 1, "currency": "\#(code)"}"#),
                try await client.send(.patch, path, body: #"{"currency": "\#(code)"}"#),
            ]
            for answer in answers {
                #expect(answer.status == 422)
                #expect(answer.json["errors"][0]["pointer"] == "/currency")
                #expect(answer.json["errors"][0]["code"] == "withdrawn-currency")
                let detail = "ISO 4217 has withdrawn \(code). Send \(successor) instead."
                #expect(answer.json["errors"][0]["detail"].string == detail)
            }
            #expect(try await client.send(.get, "/invoices?currency=\(code)").status == 200)
            let next = #"{"customerId": "\#(customer)", "amount": 1, "currency": "\#(successor)"}"#
            #expect(try await client.send(.post, "/invoices", body: next).status == 201)
        }
    }
}
