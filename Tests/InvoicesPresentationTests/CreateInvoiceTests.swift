import EventSourcing
import HTTPTypes
import Testing

@Suite struct CreateInvoiceTests {
    @Test func `an invoice is made out with a customer and an amount`() async throws {
        try await TestService().test { client in
            let answer = try await client.createInvoice(amount: 1250)
            #expect(answer.status == 201)
            let id = try #require(answer.json["id"].string)
            #expect(
                answer.json.members == [
                    "id": .string(id), "number": "INV-2026-000001", "customerId": .string(customer), "reference": nil,
                    "currency": "EUR", "state": "open", "paymentStatus": "unpaid", "overdue": .bool(false),
                    "lines": .array([]), "taxes": .array([]), "netAmount": 1250, "taxAmount": 0, "amount": 1250,
                    "paidAmount": 0,
                    "refundedAmount": 0, "dueAmount": 1250, "payments": .array([]), "roundingRule": nil, "dueDate": nil,
                    "createdAt": "2026-11-18T11:06:40.250Z", "issuedAt": "2026-11-18T11:06:40.250Z",
                    "issueDate": "2026-11-18", "paidAt": nil,
                    "voidedAt": nil, "voidReason": nil, "revision": 0,
                ])
            #expect(answer.headers[.location] == "/invoices/\(id)")
            #expect(answer.taggedRevision == 0)
            #expect(answer.headers[.consistencyToken] != nil)
            #expect(try await client.send(.get, "/invoices/\(id)").json == answer.json)
        }
    }

    @Test func `an invoice is made out with everything that it can have`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices",
                body: #"""
                    {"reference": "Größe \"XL\" \u00e9\ud83d\ude00 / \\", "dueDate": "2028-02-29", "currency": "JPY",
                     "amount": 100000000000, "customerId": "0190A1B2-0000-7000-8000-00000000C001"}
                    """#)
            #expect(answer.status == 201)
            #expect(answer.json["reference"] == #"Größe "XL" é😀 / \"#)
            #expect(answer.json["dueDate"] == "2028-02-29")
            #expect(answer.json["currency"] == "JPY")
            #expect(answer.json["amount"] == 100_000_000_000)
            #expect(answer.json["customerId"] == .string(customer))
        }
    }

    @Test func `an invoice of lines is the sum of them, by a rule that it names`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices",
                body: #"""
                    {"customerId": "\#(customer)", "series": "SHOP1", "lines": [
                     {"description": "Consulting", "quantity": "1.50", "unitPrice": 9900, "taxRate": 1900},
                     {"description": "Travel", "quantity": "1", "unitPrice": 4250, "taxRate": 700}]}
                    """#)
            #expect(answer.status == 201)
            #expect(answer.json["number"] == "SHOP1-2026-000001")
            let first: Value = [
                "description": "Consulting", "quantity": "1.5", "unitPrice": 9900, "taxRate": 1900,
                "netAmount": 14_850, "taxAmount": 2_822,
            ]
            #expect(answer.json["lines"][0] == first)
            #expect(answer.json["lines"].elements.count == 2)
            #expect(["netAmount", "taxAmount", "amount"].map { answer.json[$0] } == [19_100, 3_120, 22_220])
            #expect(answer.json["roundingRule"] == "line-half-up.v1")
        }
    }

    @Test func `a draft has no number and is not to be paid`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices", body: #"{"customerId": "\#(customer)", "amount": 1, "draft": true}"#)
            #expect(answer.status == 201)
            #expect(answer.json["state"] == "draft")
            #expect(answer.json["number"] == nil)
            #expect(answer.json["revision"] == 0)
            let path = try #require(answer.headers[.location])
            let refused = try await client.send(.post, path + "/pay")
            #expect(refused.status == 409)
            #expect(refused.json["code"] == "action-not-allowed")
            #expect(
                refused.json["detail"]
                    == "The invoice is draft and unpaid, which does not allow pay. It allows: revise, issue, void.")
        }
    }

    @Test func `an invoice whose due date has passed is overdue until it is paid`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices", body: #"{"customerId": "\#(customer)", "amount": 1, "dueDate": "2026-11-17"}"#)
            #expect(answer.json["overdue"] == .bool(true))
            let path = try #require(answer.headers[.location])
            #expect(try await client.send(.post, path + "/pay").json["overdue"] == .bool(false))
        }
    }

    @Test func `null stands for an optional member that is left out`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices",
                body: """
                    {"customerId": "\(customer)", "amount": 1, "currency": null, "dueDate": null, "reference": null,
                     "lines": null, "draft": null, "series": null}
                    """)
            #expect(answer.status == 201)
            #expect(answer.json["currency"] == "EUR")
            for contents in ["", #", "amount": null"#, #", "amount": null, "lines": null"#] {
                let answer = try await client.send(
                    .post, "/invoices", body: #"{"customerId": "\#(customer)"\#(contents)}"#)
                #expect(answer.status == 422)
                #expect(answer.json["errors"].elements.map { $0["pointer"] } == ["/amount"])
                #expect(answer.json["errors"][0]["code"] == "required")
            }
        }
    }

    @Test func `a stored invoice that reads do not show in time is answered as ever, and says so`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.store.pauseProjection()
            let answer = try await client.createInvoice()
            #expect(answer.status == 201)
            #expect(answer.json["state"] == "open")
            let id = try #require(answer.json["id"].string)
            #expect(answer.headers[.location] == "/invoices/\(id)")
            #expect(answer.taggedRevision == 0)
            #expect(answer.headers[.readsBehind] == "true")
            #expect(answer.headers[.consistencyToken] != nil)
            #expect(try await service.store.base.head() == Position(1))
        }
    }

    @Test func `an invoice is made out when the read database is down`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.readModel.fail(with: DatabaseDown())
            let answer = try await client.createInvoice()
            #expect(answer.status == 201)
            #expect(answer.headers[.readsBehind] == nil)
            #expect(try await service.store.base.head() == Position(1))
        }
    }

    @Test func `an invoice that cannot be stored is a problem, and worth another try`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.store.fail(with: DatabaseDown())
            let answer = try await client.createInvoice()
            #expect(answer.status == 503)
            #expect(answer.json["code"] == "unavailable")
            #expect(answer.headers[.retryAfter] == "1")
        }
    }
}

/// A database that cannot be reached, with a detail that nobody outside may see.
struct DatabaseDown: CategorizedError {
    let secret = "connection to 10.0.0.7 refused"
    var category: ErrorCategory { .transient }
}
