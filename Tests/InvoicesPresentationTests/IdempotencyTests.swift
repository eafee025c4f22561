import EventSourcing
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

@Suite(.timeLimit(.minutes(5))) struct IdempotencyTests {
    private static let body = #"{"customerId": "\#(customer)", "amount": 1250}"#
    private static let key: HTTPFields = [.idempotencyKey: "8e03978e-40d5-43dd-bc93-6894a57f9324"]

    @Test func `a creation that comes again is answered as the first time, whatever has happened since`() async throws {
        let service = try TestService()
        try await service.test { client in
            let first = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(first.status == 201)
            #expect(first.headers[.idempotencyReplayed] == nil)
            let path = try #require(first.headers[.location])
            #expect(try await client.send(.post, path + "/pay").status == 200)
            let again = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(again.headers[.idempotencyReplayed] == "true")
            Self.expectSame(again, first)
        }
        #expect(try await service.store.base.head().rawValue == 2)
    }

    @Test func `a payment that comes again is answered as the first time, also by another process`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            var headers = Self.key
            headers[.ifMatch] = #""0""#
            let first = try await client.send(.post, path + "/pay", headers: headers)
            #expect(first.status == 200)
            let second = try TestService(beside: service)
            let requested = headers
            try await second.test { client in
                let again = try await client.send(.post, path + "/pay", headers: requested, body: #"{"amount": 1}"#)
                #expect(again.status == 422)
                let same = try await client.send(.post, path + "/pay", headers: requested)
                #expect(same.headers[.idempotencyReplayed] == "true")
                Self.expectSame(same, first)
            }
        }
        #expect(try await service.store.base.head().rawValue == 2)
    }

    @Test func `a refusal is remembered, with the very same problem`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            _ = try await client.send(.post, path + "/pay")
            let first = try await client.send(.post, path + "/pay", headers: Self.key)
            #expect(first.status == 409)
            #expect(first.json["code"] == "invoice-already-paid")
            #expect(first.headers[.idempotencyReplayed] == nil)
            let again = try await client.send(.post, path + "/pay", headers: Self.key)
            #expect(again.headers[.idempotencyReplayed] == "true")
            #expect(again.status == 409)
            #expect(again.bytes == first.bytes)
        }
    }

    @Test func `a refusal stays one though the invoice would allow it now`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let tooMuch = #"{"amount": 9999}"#
            let first = try await client.send(.post, path + "/pay", headers: Self.key, body: tooMuch)
            #expect(first.status == 409)
            #expect(first.json["code"] == "payment-too-large")
            #expect(try await client.send(.post, path + "/pay").status == 200)
            let again = try await client.send(.post, path + "/pay", headers: Self.key, body: tooMuch)
            #expect(again.headers[.idempotencyReplayed] == "true")
            Self.expectSame(again, first)
        }
    }

    @Test func `an invoice that is overdue by now was not so in the first answer`() async throws {
        let service = try TestService()
        let due = Self.body.replacing("}", with: #", "dueDate": "2026-11-18"}"#)
        try await service.test { client in
            let first = try await client.send(.post, "/invoices", headers: Self.key, body: due)
            #expect(first.json["overdue"] == .bool(false))
            service.clock.advance(by: 30 * 86_400)
            #expect(try await client.send(.get, #require(first.headers[.location])).json["overdue"] == .bool(true))
            Self.expectSame(try await client.send(.post, "/invoices", headers: Self.key, body: due), first)
        }
    }

    @Test func `a write is answered the same whether reads show it or not`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.store.pauseProjection()
            let first = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(first.status == 201)
            #expect(first.headers[.readsBehind] == "true")
            try await service.store.resumeProjection()
            let again = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(again.headers[.idempotencyReplayed] == "true")
            #expect(again.headers[.readsBehind] == nil)
            Self.expectSame(again, first)
            let path = try #require(first.headers[.location])
            #expect(try await client.send(.get, path).json == again.json)
        }
        #expect(try await service.store.base.head().rawValue == 1)
    }

    @Test func `a short answer is short again`() async throws {
        try await TestService().test { client in
            var headers = Self.key
            headers[.prefer] = "return=minimal"
            let first = try await client.send(.post, "/invoices", headers: headers, body: Self.body)
            #expect(first.status == 204)
            let again = try await client.send(.post, "/invoices", headers: headers, body: Self.body)
            #expect(again.headers[.idempotencyReplayed] == "true")
            Self.expectSame(again, first)
        }
    }

    @Test func `a key costs no read, and only a repetition reads the stream`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            #expect(service.store.takeReads() == 0)
            let first = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(first.status == 201)
            #expect(service.store.takeReads() == 0)
            _ = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(service.store.takeReads() == 1)
            _ = try await client.send(.post, #require(first.headers[.location]) + "/pay")
            #expect(service.store.takeReads() == 0, "the invoice is in memory")
            _ = try await client.send(.get, path, headers: Self.key)
            #expect(service.store.takeReads() == 0)
        }
    }

    @Test func `a key is its tenant's`() async throws {
        let service = try TestService()
        let other = try TestService(tenant: "others", beside: service)
        try await service.test { client in
            let first = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(first.status == 201)
            try await other.test { client in
                let theirs = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
                #expect(theirs.headers[.idempotencyReplayed] == nil)
                #expect(theirs.headers[.location] != first.headers[.location])
            }
        }
    }

    @Test func `what was wrong with a request can be put right under the same key`() async throws {
        try await TestService().test { client in
            let wrong = try await client.send(.post, "/invoices", headers: Self.key, body: #"{"amount": 0}"#)
            #expect(wrong.status == 422)
            let right = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(right.status == 201)
            #expect(right.headers[.idempotencyReplayed] == nil)
        }
    }

    /// What may be sent, each by bodies that say the same, nil being none; and one that says something else.
    private static let spellings: [(path: String, bodies: [String?], other: String)] = [
        (
            "/invoices",
            [
                body, #"{"amount":1250,"customerId":"\#(customer)"}"#,
                #" { "customerId" : "\#(customer.uppercased())", "amount" : 1250 } "#,
                #"{"customerId": "\#(customer)", "amount": 1250, "currency": null, "lines": null, "draft": null}"#,
                #"{"customerId": "\#(customer)", "amount": 1250, "currency": "EUR", "draft": false, "series": "INV"}"#,
                #"{"customer\u0049d": "\#(customer)", "amount": 1250, "dueDate": null, "reference": null}"#,
            ], #"{"customerId": "\#(customer)", "amount": 1250, "currency": "USD"}"#
        ),
        (
            "/invoices",
            ["1.5", "1.50", "01.500"].flatMap { quantity in
                ["Caf\u{E9}", "Cafe\u{301}", #"Caf\u00e9"#].map { text in
                    #"""
                    {"customerId": "\#(customer)", "reference": "\#(text)", "lines": [{"description": "\#(text)",
                     "quantity": "\#(quantity)", "unitPrice": 100, "taxRate": 0}]}
                    """#
                }
            },
            #"""
            {"customerId": "\#(customer)", "reference": "Caf\u00e9", "lines": [{"description": "Caf\u00e9",
             "quantity": "1.6", "unitPrice": 100, "taxRate": 0}]}
            """#
        ),
        ("open/pay", [nil, "null", "{}", #"{"amount": null}"#, #"{"method": null}"#], #"{"method": "card"}"#),
        (
            "open/pay",
            [
                #"{"amount": 50, "paidAt": "2026-11-17T16:05:12Z"}"#,
                #"{"paidAt": "2026-11-17T17:05:12.000+01:00", "reference": null, "amount": 50}"#,
            ], #"{"amount": 50, "paidAt": "2026-11-17T16:05:13Z"}"#
        ),
        ("draft/issue", [nil, "null", "{}", #"{"series": null}"#, #"{"series": "INV"}"#], #"{"series": "B"}"#),
        ("paid/refund", [nil, "{}", #"{"amount": null, "reason": null}"#], #"{"amount": 1}"#),
        ("draft/void", [#"{"reason": "Cafe\u0301"}"#, "{\"reason\": \"Caf\u{E9}\"}"], #"{"reason": "Cafe"}"#),
        ("draft", ["{}"], #"{"dueDate": null}"#),
        ("draft", [#"{"amount": 5}"#, #"{"lines": null, "amount": 5}"#], #"{"amount": 5, "reference": null}"#),
        (
            "/invoices/batch",
            [
                #"{"invoices": [{"customerId": "\#(customer)", "amount": 1}, {"amount": 0}]}"#,
                #"""
                {"invoices": [{"amount": 1, "currency": "EUR", "customerId": "\#(customer.uppercased())"},
                 {"amount": 0, "draft": null}]}
                """#,
            ], #"{"invoices": [{"amount": 0}, {"customerId": "\#(customer)", "amount": 1}]}"#
        ),
    ]

    @Test(arguments: spellings.indices)
    func `a request is the same by what it says, and not by how it is written`(index: Int) async throws {
        let (target, bodies, other) = Self.spellings[index]
        try await TestService().test { client in
            let path = try await Self.path(to: target, with: client)
            let method: HTTPRequest.Method = target == "draft" ? .patch : .post
            let first = try await client.send(method, path, headers: Self.key, body: bodies[0])
            #expect((200...201).contains(first.status))
            for body in bodies {
                for path in [path, path.replacing("/invoices", with: "//invoices") + "/", path.uppercasingID] {
                    let again = try await client.send(method, path, headers: Self.key, body: body)
                    #expect(again.headers[.idempotencyReplayed] == "true", "\(path) \(body ?? "none")")
                    Self.expectSame(again, first)
                }
            }
            let answer = try await client.send(method, path, headers: Self.key, body: other)
            #expect(answer.status == 422)
            #expect(answer.json["code"] == "idempotency-key-reused")
        }
    }

    /// Makes the invoice that a target names, such as "draft/issue".
    private static func path(to target: String, with client: any TestClientProtocol) async throws -> String {
        guard !target.hasPrefix("/") else { return target }
        let parts = target.split(separator: "/", maxSplits: 1)
        let invoice = parts[0] == "draft" ? try await client.createdDraft() : try await client.createdInvoice()
        if parts[0] == "paid" { _ = try await client.send(.post, invoice + "/pay") }
        return parts.count == 1 ? invoice : "\(invoice)/\(parts[1])"
    }

    @Test func `a key belongs to one request`() async throws {
        let service = try TestService()
        try await service.test { client in
            let first = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            let path = try #require(first.headers[.location])
            let answers = [
                try await client.send(
                    .post, "/invoices", headers: Self.key, body: Self.body.replacing("1250", with: "1251")),
                try await client.send(.post, path + "/pay", headers: Self.key),
            ]
            for answer in answers {
                #expect(answer.status == 422)
                #expect(answer.json["code"] == "idempotency-key-reused")
            }
        }
        #expect(try await service.store.base.head().rawValue == 1)
    }

    @Test func `a key that is in use is turned away for now`() async throws {
        let service = try TestService()
        try await service.test { client in
            let gate = service.store.holdAppends()
            async let first = client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            while service.store.heldAppends == 0 { await Task.yield() }
            let second = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            #expect(second.status == 409)
            #expect(second.json["code"] == "idempotency-key-in-flight")
            #expect(second.headers[.retryAfter] == "1")
            gate.finish()
            #expect(try await first.status == 201)
            let third = try await client.send(.post, "/invoices", headers: Self.key, body: Self.body)
            Self.expectSame(third, try await first)
        }
    }

    @Test func `of many at once, in two processes, one is carried out`() async throws {
        let service = try TestService()
        let beside = try TestService(beside: service)
        try await service.test { here in
            try await beside.test { there in
                let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                    for number in 0..<32 {
                        let client: any TestClientProtocol = number.isMultiple(of: 2) ? here : there
                        group.addTask {
                            while true {
                                let answer = try await client.send(
                                    .post, "/invoices", headers: Self.key, body: Self.body)
                                if answer.status != 409 { return answer }
                                #expect(answer.json["code"] == "idempotency-key-in-flight")
                                await Task.yield()
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let first = try #require(answers.first { $0.headers[.idempotencyReplayed] == nil })
                #expect(answers.count { $0.headers[.idempotencyReplayed] == nil } == 1)
                for answer in answers { Self.expectSame(answer, first) }
            }
        }
        #expect(try await service.store.base.head().rawValue == 1)
    }

    @Test(arguments: [
        "", "two words", "ümlaut", "\"", "\"\"", "\"open", "\"a\"b\"", #""\a""#, String(repeating: "k", count: 256),
    ])
    func `a key that is none is refused`(key: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices", headers: [.idempotencyKey: key], body: Self.body)
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["header"] == "Idempotency-Key")
            #expect(answer.json["errors"][0]["code"] == "invalid-idempotency-key")
            #expect(key.range(of: try Self.pattern, options: .regularExpression) == nil)
        }
    }

    @Test(arguments: [
        ("a", "a"), (#""a""#, "a"), (#""a\"b\\c""#, #"a"b\c"#),
        (String(repeating: "k", count: 255), String(repeating: "k", count: 255)),
    ])
    func `a key is written bare or in quotes`(value: String, key: String) throws {
        #expect(IdempotencyKey.text(in: value) == key)
        #expect(value.range(of: try Self.pattern, options: .regularExpression) != nil)
    }

    /// How the document says that a key is written.
    private static var pattern: String {
        get throws {
            try #require(
                Contract.document.root["components"]["parameters"]["IdempotencyKey"]["schema"]["pattern"].string)
        }
    }

    private static func expectSame(_ answer: Answer, _ first: Answer) {
        #expect(answer.status == first.status)
        #expect(answer.bytes == first.bytes)
        for name in [HTTPField.Name.eTag, .location, .consistencyToken, .contentType] {
            #expect(answer.headers[name] == first.headers[name], "\(name)")
        }
    }
}

extension String {
    /// A path with its id in capitals.
    fileprivate var uppercasingID: String {
        split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.count == 36 ? $0.uppercased() : String($0) }.joined(separator: "/")
    }
}

extension HTTPField.Name {
    static let idempotencyKey = Self("Idempotency-Key")!
    static let idempotencyReplayed = Self("Idempotency-Replayed")!
}
