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
                    "id": .string(id), "customerId": .string(customer), "amount": 1250, "currency": "EUR",
                    "status": "open", "reference": nil, "dueDate": nil, "createdAt": "2026-11-18T11:06:40.250Z",
                    "paidAt": nil, "revision": 0,
                ])
            #expect(answer.headers[.location] == "/invoices/\(id)")
            #expect(answer.headers[.eTag] == "\"0\"")
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

    @Test func `null stands for an optional member that is left out`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices",
                body: """
                    {"customerId": "\(customer)", "amount": 1, "currency": null, "dueDate": null, "reference": null}
                    """)
            #expect(answer.status == 201)
            #expect(answer.json["currency"] == "EUR")
        }
    }

    @Test func `a stored invoice that reads cannot show in time is accepted, and not refused`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.store.pauseProjection()
            let answer = try await client.createInvoice()
            #expect(answer.status == 202)
            let id = try #require(answer.json["id"].string)
            #expect(answer.headers[.location] == "/invoices/\(id)")
            #expect(answer.headers[.eTag] == "\"0\"")
            #expect(answer.headers[.retryAfter] == "1")
            #expect(answer.headers[.consistencyToken] != nil)
            #expect(try await service.store.base.head() == Position(1))
        }
    }

    @Test func `a stored invoice is accepted when the read database is down`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.readModel.fail(with: DatabaseDown())
            let answer = try await client.createInvoice()
            #expect(answer.status == 202)
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
