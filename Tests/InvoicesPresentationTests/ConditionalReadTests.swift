import EventSourcing
import HTTPTypes
import Testing

@Suite struct ConditionalReadTests {
    @Test(arguments: [
        (#""0""#, 304), (#"W/"0""#, 304), (#""0-gzip""#, 304), (#""7", W/"0", "8""#, 304), ("*", 304),
        (#""1""#, 200), (#"W/"00""#, 200), (#""foreign""#, 200), (#""0-br""#, 200),
    ])
    func `a read is answered in full only if it has changed`(tags: String, status: Int) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            for method in [HTTPRequest.Method.get, .head] {
                let answer = try await client.send(method, path, headers: [.ifNoneMatch: tags])
                #expect(answer.status == status)
                #expect(answer.headers[.eTag]?.hasPrefix("\"0") == true)
                guard status == 304 else { continue }
                #expect(answer.text.isEmpty)
                #expect(answer.headers[.contentType] == nil)
            }
        }
    }

    @Test func `what has changed since is read in full`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let tag = try #require(try await client.send(.get, path).headers[.eTag])
            _ = try await client.send(.post, path + "/pay")
            let answer = try await client.send(.get, path, headers: [.ifNoneMatch: tag])
            #expect(answer.status == 200)
            #expect(answer.headers[.eTag] == #""1""#)
        }
    }

    @Test func `an answer without a tag matches nothing but anything`() async throws {
        try await TestService().test { client in
            #expect(try await client.send(.get, "/invoices", headers: [.ifNoneMatch: #""0""#]).status == 200)
            let answer = try await client.send(.get, "/invoices", headers: [.ifNoneMatch: "*"])
            #expect(answer.status == 304)
            #expect(answer.headers[.eTag] == nil)
        }
    }

    @Test func `an invoice that does not exist is none, whatever is known of it`() async throws {
        try await TestService().test { client in
            let path = "/invoices/0190a1b2-0000-7000-8000-000000000001"
            let answer = try await client.send(.get, path, headers: [.ifNoneMatch: "*"])
            #expect(answer.status == 404)
        }
    }

    @Test(arguments: ["0", #""0"#, #""0" "1""#, "", "* , \"0\""])
    func `a condition that cannot be read is refused`(tags: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.get, path, headers: [.ifNoneMatch: tags])
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["header"] == "If-None-Match")
            #expect(answer.json["errors"][0]["code"] == "invalid-entity-tag")
        }
    }

    @Test(arguments: ["*", #""7""#])
    func `an action on an invoice never meets If-None-Match, and creating one always does`(tags: String) async throws {
        let service = try TestService()
        try await service.test { client in
            let created = try await client.send(
                .post, "/invoices", headers: [.ifNoneMatch: tags],
                body: #"{"customerId": "\#(customer)", "amount": 1}"#)
            #expect(created.status == 201)
            let path = try #require(created.headers[.location])
            let answer = try await client.send(.post, path + "/pay", headers: [.ifNoneMatch: tags])
            #expect(answer.status == 412)
            #expect(answer.json["code"] == "precondition-failed")
            #expect(try await service.store.base.head().rawValue == 1)
        }
    }

    @Test func `the tag of a compressed invoice counts as that of the invoice`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let paid = try await client.send(.post, path + "/pay", headers: [.ifMatch: #""0-gzip""#])
            #expect(paid.status == 200)
        }
    }
}
