import EventSourcing
import HTTPTypes
import Testing

@Suite struct PayInvoiceTests {
    @Test(arguments: [nil, "{}", " { } "])
    func `an open invoice is paid, with or without a body`(body: String?) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/pay", body: body)
            #expect(answer.status == 200)
            #expect(answer.json["status"] == "paid")
            #expect(answer.json["paidAt"].string != nil)
            #expect(answer.json["revision"] == 1)
            #expect(answer.headers[.eTag] == "\"1\"")
            #expect(try await client.send(.get, path).json == answer.json)
        }
    }

    @Test func `an invoice is not paid twice`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            _ = try await client.send(.post, path + "/pay")
            let answer = try await client.send(.post, path + "/pay")
            #expect(answer.status == 409)
            #expect(answer.json["code"] == "invoice-already-paid")
            #expect(answer.json["detail"].string?.contains("paid") == true)
        }
    }

    @Test(arguments: [nil, "*", #""0""#, #"W/"0""#])
    func `an invoice that does not exist is not found, whatever If-Match says`(ifMatch: String?) async throws {
        try await TestService().test { client in
            var headers = HTTPFields()
            headers[.ifMatch] = ifMatch
            let path = "/invoices/0190a1b2-0000-7000-8000-000000000009/pay"
            let answer = try await client.send(.post, path, headers: headers)
            #expect(answer.status == 404)
            #expect(answer.json["code"] == "invoice-not-found")
        }
    }

    @Test(arguments: [#""0""#, "*", " * ", #""3", "0""#, #""0","7""#, #"W/"0", "0""#, #""a,b", "0""#, #", "0","#])
    func `a matching If-Match lets the payment through`(ifMatch: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            #expect(try await client.send(.post, path + "/pay", headers: [.ifMatch: ifMatch]).status == 200)
        }
    }

    @Test(arguments: [
        #""1""#, #"W/"0""#, #""00""#, #""-1""#, #""abc""#, #""""#, #""1", "2""#, #""99999999999999999999""#,
    ])
    func `an If-Match that does not match tells the revision that there is`(ifMatch: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/pay", headers: [.ifMatch: ifMatch])
            #expect(answer.status == 412)
            #expect(answer.json["code"] == "precondition-failed")
            #expect(answer.json["detail"].string?.contains("revision 0") == true)
            #expect(answer.headers[.eTag] == "\"0\"")
            #expect(try await client.send(.get, path).json["status"] == "open")
        }
    }

    @Test func `a paid invoice fails the precondition before the rule`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            _ = try await client.send(.post, path + "/pay")
            #expect(try await client.send(.post, path + "/pay", headers: [.ifMatch: #""0""#]).status == 412)
            #expect(try await client.send(.post, path + "/pay", headers: [.ifMatch: #""0", "1""#]).status == 409)
        }
    }

    @Test(arguments: [
        "0", "\"0", "0\"", "\"0\" \"1\"", "*, \"0\"", "\"0\", *", ",", "", "W\"0\"", "w/\"0\"", "\"a b\"",
    ])
    func `a malformed If-Match is refused`(ifMatch: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/pay", headers: [.ifMatch: ifMatch])
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["header"] == "If-Match")
            #expect(answer.json["errors"][0]["code"] == "invalid-entity-tag")
        }
    }

    @Test func `a payment has no members`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/pay", body: #"{"amount": 1}"#)
            #expect(answer.status == 422)
            #expect(answer.json["errors"][0]["pointer"] == "/amount")
            #expect(try await client.send(.post, path + "/pay", body: "{").status == 400)
            #expect(try await client.send(.get, path).json["status"] == "open")
        }
    }

    @Test func `a stored payment that reads cannot show in time is accepted`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            service.store.pauseProjection()
            let answer = try await client.send(.post, path + "/pay")
            #expect(answer.status == 202)
            #expect(answer.json["revision"] == 1)
            #expect(answer.headers[.location] == path)
            #expect(answer.headers[.eTag] == "\"1\"")
        }
    }

    @Test func `a payment that others overtake again and again is a conflict, and worth another try`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            let stream = try #require(
                try await service.store.base.readLog(after: nil, .forwards, limit: 1).first?.stream)
            service.store.fail(
                with: WrongExpectedRevision(stream: stream, expected: .exactly(.first), actual: Revision(7)))
            let answer = try await client.send(.post, path + "/pay")
            #expect(answer.status == 409)
            #expect(answer.json["code"] == "concurrent-change")
        }
    }

    @Test func `of many payments at the same time one goes through`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await client.send(.post, path + "/pay").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 1)
            #expect(statuses.count { $0 == 409 } == 19)
        }
    }
}
