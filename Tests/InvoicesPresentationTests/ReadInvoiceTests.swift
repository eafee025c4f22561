import HTTPTypes
import Testing

@Suite struct ReadInvoiceTests {
    @Test func `an invoice is read with its revision as ETag`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.get, path)
            #expect(answer.status == 200)
            #expect(answer.taggedRevision == 0)
            #expect(answer.json["state"] == "open")
            let upperCase = "/invoices/" + path.dropFirst("/invoices/".count).uppercased()
            #expect(try await client.send(.get, upperCase).json == answer.json)
        }
    }

    @Test func `an invoice that does not exist is not found`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/invoices/0190a1b2-0000-7000-8000-000000000009")
            #expect(answer.status == 404)
            #expect(answer.json["code"] == "invoice-not-found")
        }
    }

    @Test(arguments: [
        "1", "0190a1b2-0000-7000-8000-00000000000", "0190a1b2000070008000000000000001", "%00", "é", "{id}",
    ])
    func `an id that is no UUID is a bad parameter`(_ id: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/invoices/\(id)")
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["parameter"] == "id")
            #expect(answer.json["errors"][0]["code"] == "not-a-uuid")
        }
    }

    @Test func `a read includes the write whose token it carries`() async throws {
        try await TestService().test { client in
            let created = try await client.createInvoice()
            let token = try #require(created.headers[.consistencyToken])
            let path = try #require(created.headers[.location])
            #expect(try await client.send(.get, path, headers: [.consistencyToken: token]).status == 200)
            let list = try await client.send(.get, "/invoices", headers: [.consistencyToken: token])
            #expect(list.json["data"].elements.count == 1)
        }
    }

    @Test(arguments: ["/invoices", "/invoices/0190a1b2-0000-7000-8000-000000000009"])
    func `a read that cannot include the write in time is worth another try`(_ path: String) async throws {
        let service = try TestService()
        try await service.test { client in
            service.store.pauseProjection()
            let token = try #require(try await client.createInvoice().headers[.consistencyToken])
            let answer = try await client.send(.get, path, headers: [.consistencyToken: token])
            #expect(answer.status == 503)
            #expect(answer.json["code"] == "read-model-behind")
            #expect(answer.headers[.retryAfter] == "1")
        }
    }

    @Test(arguments: ["", "1", "abc", "AgAAAAAAAAABAAAAAA", "AgAAAAAAAAAqY7ek8B", "AQAGRBm69TgQ", "ä"])
    func `a consistency token that no write has given is refused`(_ token: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/invoices", headers: [.consistencyToken: token])
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["header"] == "Consistency-Token")
            #expect(answer.json["errors"][0]["code"] == "invalid-consistency-token")
        }
    }

    @Test(arguments: ["/invoices", "/invoices/0190a1b2-0000-7000-8000-000000000009"])
    func `reads without a database are unavailable, and say nothing of it`(_ path: String) async throws {
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
