import EventSourcing
import HTTPTypes
import Logging
import Testing

@Suite struct ProtocolTests {
    @Test(arguments: [
        "a", "0190A1B2-0000-7000-8000-00000000F001", "trace:1/2?x=!~", String(repeating: "x", count: 128),
    ])
    func `a request keeps the name that it comes with`(_ id: String) async throws {
        let service = try TestService()
        try await service.test { client in
            let created = try await client.send(
                .post, "/invoices", headers: [.requestID: id], body: #"{"customerId": "\#(customer)", "amount": 1}"#)
            #expect(created.headers[.requestID] == id)
            let event = try #require(try await service.store.base.readLog(after: nil, .forwards, limit: 1).first)
            #expect(String(decoding: event.metadata.bytes, as: UTF8.self).contains(id))
            let refused = try await client.send(.get, "/none", headers: [.requestID: id])
            #expect(refused.json["correlationId"] == .string(id))
        }
        let lines = service.logs.lines
        #expect(lines.contains { $0.message == "Handled message" && $0.metadata["correlation.id"] == "\(id)" })
        #expect(lines.contains { $0.message == "Answered request" && $0.metadata["correlation.id"] == "\(id)" })
    }

    @Test(arguments: [nil, "", "two words", "ümlaut", String(repeating: "x", count: 129)])
    func `a request without a sane name is given one`(_ id: String?) async throws {
        try await TestService().test { client in
            var headers = HTTPFields()
            headers[.requestID] = id
            let first = try await client.send(.get, "/health/live", headers: headers)
            let second = try await client.send(.get, "/health/live", headers: headers)
            let name = try #require(first.headers[.requestID])
            #expect(name.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
            #expect(name != second.headers[.requestID])
        }
    }

    @Test(arguments: [
        "/none", "/invoices/a/b/c", "/invoices/0190a1b2-0000-7000-8000-000000000001/send", "/api/x/y", "/..%2f",
        "/Invoices", "/%00",
    ])
    func `a path that does not exist is a problem`(path: String) async throws {
        try await TestService().test { client in
            for method in [HTTPRequest.Method.get, .post, .options] {
                let answer = try await client.send(method, path)
                #expect(answer.status == 404)
                #expect(answer.headers[.contentType] == "application/problem+json")
                #expect(answer.json["code"] == "not-found")
            }
        }
    }

    @Test(arguments: ["/problems/none", "/api/none"])
    func `a path that nothing has a name for is a problem`(path: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, path)
            #expect(answer.status == 404)
            #expect(answer.json["code"] == "not-found")
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.delete, "/invoices", "GET, HEAD, OPTIONS, POST"),
        (.put, "/invoices/0190a1b2-0000-7000-8000-000000000001", "GET, HEAD, OPTIONS, PATCH"),
        (.get, "/invoices/batch", "OPTIONS, POST"),
        (.get, "/invoices/0190a1b2-0000-7000-8000-000000000001/pay", "OPTIONS, POST"),
        (.init("BREW")!, "/invoices", "GET, HEAD, OPTIONS, POST"),
        (.post, "/health/live", "GET, HEAD, OPTIONS"), (.post, "/", "GET, HEAD, OPTIONS"),
        (.trace, "/openapi.yaml", "GET, HEAD, OPTIONS"),
    ])
    func `a method that a path does not have is told which it has`(
        method: HTTPRequest.Method, path: String, allow: String
    ) async throws {
        try await TestService().test { client in
            let answer = try await client.send(method, path)
            #expect(answer.status == 405)
            #expect(answer.headers[.allow] == allow)
            #expect(answer.json["code"] == "method-not-allowed")
            let options = try await client.send(.options, path)
            #expect(options.status == 204)
            #expect(options.headers[.allow] == allow)
            #expect(options.headers[.requestID] != nil)
        }
    }

    @Test func `HEAD answers as GET does, without the body`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let get = try await client.send(.get, path)
            let head = try await client.send(.head, path)
            #expect(head.status == 200)
            #expect(head.text.isEmpty)
            #expect(head.headers[.contentLength] == get.headers[.contentLength])
            #expect(head.headers[.eTag] == get.headers[.eTag])
        }
    }

    @Test(arguments: [
        ("*/*", true), ("application/json", true), ("application/*", true), ("text/html, */*;q=0.1", true),
        ("APPLICATION/JSON;q=0.5", true), ("text/html", false), ("application/json;q=0, */*", false),
        ("application/xml, text/*", false), ("*/*; q=0", false), ("", true),
    ])
    func `a client that accepts no JSON is refused before anything happens`(
        accept: String, isAccepted: Bool
    )
        async throws
    {
        let service = try TestService()
        try await service.test { client in
            let answer = try await client.send(
                .post, "/invoices", headers: [.accept: accept], body: #"{"customerId": "\#(customer)", "amount": 1}"#)
            #expect(answer.status == (isAccepted ? 201 : 406))
            #expect(try await service.store.base.head().rawValue == (isAccepted ? 1 : 0))
        }
    }

    @Test func `an unforeseen error is logged once, and none of it is told`() async throws {
        struct Unforeseen: Error { let secret = "password=hunter2" }
        let service = try TestService()
        try await service.test { client in
            service.readModel.fail(with: Unforeseen())
            let answer = try await client.send(.get, "/invoices")
            #expect(answer.status == 500)
            #expect(answer.json["code"] == "internal-error")
            #expect(!answer.text.contains("hunter2"))
        }
        let errors = service.logs.lines.filter { $0.level >= .warning }
        #expect(errors.count == 1)
        #expect(errors.first?.level == .error)
        let error = try #require(errors.first?.metadata["error"]).description
        #expect(error.contains("hunter2"))
    }

    @Test func `each request is one line in the access log, by its route`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            _ = try await client.send(.get, path)
            _ = try await client.send(.get, "/none")
            _ = try await client.send(.get, "/health/live")
        }
        let lines = service.logs.lines.filter { $0.message == "Answered request" }
        #expect(lines.map { $0.metadata["http.route"] } == ["/invoices", "/invoices/{id}", "NotFound", "/health/live"])
        #expect(lines.map { $0.metadata["http.status"] } == ["201", "200", "404", "200"])
        #expect(lines.map(\.level) == [.info, .info, .info, .debug])
        #expect(lines.allSatisfy { $0.metadata["http.duration_ms"] != nil })
    }
}
