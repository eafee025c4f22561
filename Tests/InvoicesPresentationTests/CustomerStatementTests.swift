import HTTPTypes
import HummingbirdTesting
import Testing

@Suite struct CustomerStatementTests {
    private let path = "/customers/\(customer)/statement"

    private func create(
        _ client: any TestClientProtocol, _ amount: Int, _ currency: String = "EUR", due dueDate: String? = nil
    ) async throws -> String {
        let due = dueDate.map { #", "dueDate": "\#($0)""# } ?? ""
        let answer = try await client.send(
            .post, "/invoices",
            body: #"{"customerId": "\#(customer)", "amount": \#(amount), "currency": "\#(currency)"\#(due)}"#)
        return try #require(answer.headers[.location])
    }

    private func total(_ invoices: Int64, _ amount: Int64) -> Value {
        ["invoices": .integer(invoices), "amount": .integer(amount)]
    }

    @Test func `a statement adds up open, overdue and paid invoices in each currency`() async throws {
        try await TestService().test { client in
            _ = try await create(client, 1, "USD", due: "2026-12-30")
            _ = try await create(client, 20, "USD", due: "2026-12-31")
            let paid = try await create(client, 300, due: "2026-01-01")
            #expect(try await client.send(.post, "\(paid)/pay").status == 200)
            let answer = try await client.send(.get, "\(path)?on=2026-12-31")
            #expect(answer.status == 200)
            let euro: Value = [
                "currency": "EUR", "open": total(0, 0), "overdue": total(0, 0), "paid": total(1, 300),
            ]
            let dollar: Value = [
                "currency": "USD", "open": total(2, 21), "overdue": total(1, 1), "paid": total(0, 0),
            ]
            let expected: Value = [
                "customerId": .string(customer), "on": "2026-12-31", "balances": .array([euro, dollar]),
            ]
            #expect(answer.json == expected)
        }
    }

    @Test func `without a day, due dates are compared with today in UTC`() async throws {
        try await TestService().test { client in
            _ = try await create(client, 1, due: "2026-11-17")
            _ = try await create(client, 20, due: "2026-11-18")
            let answer = try await client.send(.get, path)
            #expect(answer.json["on"] == "2026-11-18")
            #expect(answer.json["balances"][0]["overdue"] == total(1, 1))
        }
    }

    @Test func `a customer without an invoice has a statement without balances, in lower case`() async throws {
        try await TestService().test { client in
            _ = try await create(client, 1)
            let answer = try await client.send(
                .get, "/customers/0190A1B2-0000-7000-8000-00000000C009/statement?on=2026-12-31")
            #expect(answer.status == 200)
            #expect(
                answer.text
                    == #"{"customerId":"0190a1b2-0000-7000-8000-00000000c009","on":"2026-12-31","balances":[]}"#)
        }
    }

    @Test func `everything that is wrong with the address is named at once`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/customers/x/statement?on=tomorrow&day=1")
            #expect(answer.status == 400)
            let wrong = (0..<3).map { answer.json["errors"][$0]["parameter"] }
            #expect(wrong == ["id", "on", "day"])
        }
    }

    @Test(arguments: ["1", "0190a1b2-0000-7000-8000-00000000000", "é", "{id}"])
    func `an id that is no UUID is a bad parameter`(_ id: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/customers/\(id)/statement")
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["parameter"] == "id")
            #expect(answer.json["errors"][0]["code"] == "not-a-uuid")
        }
    }

    @Test(arguments: [
        ("on=2026-02-29", "on", "not-a-date"), ("on=2026-2-1", "on", "not-a-date"), ("on=", "on", "not-a-date"),
        ("on=today", "on", "not-a-date"), ("on=2026-11-21T00:00:00Z", "on", "not-a-date"),
        ("on=2026-11-21&on=2026-11-22", "on", "duplicate"), ("day=2026-11-21", "day", "unknown-parameter"),
    ])
    func `a wrong parameter is refused by name`(query: String, parameter: String, code: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "\(path)?\(query)")
            #expect(answer.status == 400)
            #expect(answer.json["code"] == "invalid-parameters")
            #expect(answer.json["errors"].elements.count == 1)
            #expect(answer.json["errors"][0]["parameter"] == .string(parameter))
            #expect(answer.json["errors"][0]["code"] == .string(code))
        }
    }

    @Test func `a statement includes the write whose token it carries, or is refused`() async throws {
        let service = try TestService()
        try await service.test { client in
            let seen = try await client.createInvoice(amount: 1)
            service.store.pauseProjection()
            let unseen = try await client.createInvoice(amount: 20)
            let seenToken = try #require(seen.headers[.consistencyToken])
            let statement = try await client.send(.get, path, headers: [.consistencyToken: seenToken])
            #expect(statement.json["balances"][0]["open"] == total(1, 1))
            let unseenToken = try #require(unseen.headers[.consistencyToken])
            let behind = try await client.send(.get, path, headers: [.consistencyToken: unseenToken])
            #expect(behind.status == 503)
            #expect(behind.json["code"] == "read-model-behind")
            #expect(behind.headers[.retryAfter] == "1")
        }
    }

    @Test func `a token that no write has given is refused`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, path, headers: [.consistencyToken: "abc"])
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["code"] == "invalid-consistency-token")
        }
    }

    @Test func `statements without a database are unavailable, and say nothing of it`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.readModel.fail(with: DatabaseDown())
            let answer = try await client.send(.get, path)
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] == "1")
            #expect(!answer.text.contains("10.0.0.7"))
        }
    }
}
