import EventSourcing
import HTTPTypes
import Testing

@Suite struct PayInvoiceTests {
    @Test(arguments: [nil, "null", "{}", " { } "])
    func `an open invoice is paid, with or without a body`(body: String?) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/pay", body: body)
            #expect(answer.status == 200)
            #expect(answer.json["state"] == "closed")
            #expect(answer.json["paymentStatus"] == "paid")
            #expect(answer.json["dueAmount"] == 0)
            #expect(answer.json["paidAt"].string != nil)
            #expect(answer.json["revision"] == 1)
            #expect(answer.taggedRevision == 1)
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
            #expect(answer.json["detail"].string?.hasSuffix("It allows: reverse, refund.") == true)
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
        #""1""#, #"W/"0""#, #""00""#, #""-0""#, #""abc""#, #""""#, #""1", "2""#, #""99999999999999999999""#,
    ])
    func `an If-Match that does not match tells the revision that there is`(ifMatch: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/pay", headers: [.ifMatch: ifMatch])
            #expect(answer.status == 412)
            #expect(answer.json["code"] == "precondition-failed")
            #expect(answer.json["detail"].string?.contains("revision 0") == true)
            #expect(answer.taggedRevision == 0)
            #expect(try await client.send(.get, path).json["state"] == "open")
        }
    }

    @Test func `a paid invoice fails the precondition before the rule`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            _ = try await client.send(.post, path + "/pay")
            #expect(try await client.send(.post, path + "/pay", headers: [.ifMatch: #""0""#]).status == 412)
            #expect(try await client.send(.post, path + "/pay", headers: [.ifMatch: #""1", "2""#]).status == 409)
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

    @Test func `an invoice is paid in parts until nothing is due`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let first = try await client.send(
                .post, path + "/pay",
                body: #"""
                    {"amount": 250, "method": "bank_transfer", "reference": "E2E-1", "paidAt": "2026-11-17T10:00:00Z"}
                    """#)
            #expect(first.status == 200)
            #expect(first.json["paymentStatus"] == "partially_paid")
            #expect(["paidAmount", "dueAmount"].map { first.json[$0] } == [250, 1000])
            #expect(first.json["paidAt"] == nil)
            let tooMuch = try await client.send(.post, path + "/pay", body: #"{"amount": 1001}"#)
            #expect(tooMuch.status == 409)
            #expect(tooMuch.json["code"] == "payment-too-large")
            #expect(tooMuch.json["errors"].elements.map { $0["pointer"] } == ["/amount"])
            #expect(tooMuch.json["detail"].string?.contains("1000 are due") == true)
            let last = try await client.send(.post, path + "/pay", body: #"{"paidAt": "2026-11-18T10:00:00+01:00"}"#)
            #expect(last.json["state"] == "closed")
            #expect(last.json["paidAt"] == "2026-11-18T09:00:00Z")
        }
    }

    @Test(arguments: [
        (#"{"amount": 0}"#, ["/amount": "out-of-range"]), (#"{"amount": "1"}"#, ["/amount": "wrong-type"]),
        (#"{"method": "barter"}"#, ["/method": "unknown-method"]),
        (#"{"paidAt": "yesterday"}"#, ["/paidAt": "not-a-time"]),
        (#"{"paidAt": "2026-11-20T11:06:40Z"}"#, ["/paidAt": "out-of-range"]),
        (#"{"paidAt": "1969-12-31T23:59:59Z"}"#, ["/paidAt": "out-of-range"]),
        (
            #"{"amount": 1.5, "reference": "", "note": "x"}"#,
            ["/amount": "not-an-integer", "/reference": "invalid-reference", "/note": "unknown-member"]
        ),
    ])
    func `a wrong payment is refused with everything that is wrong`(
        body: String, errors: [String: String]
    ) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/pay", body: body)
            #expect(answer.status == 422)
            let found = answer.json["errors"].elements.map { ($0["pointer"].string ?? "", $0["code"].string ?? "") }
            #expect(Dictionary(uniqueKeysWithValues: found) == errors)
            #expect(try await client.send(.post, path + "/pay", body: "{").status == 400)
            #expect(try await client.send(.get, path).json["state"] == "open")
        }
    }

    @Test func `a stored payment that reads do not show in time is answered as ever, and says so`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            service.store.pauseProjection()
            let answer = try await client.send(.post, path + "/pay")
            #expect(answer.status == 200)
            #expect(answer.json["revision"] == 1)
            #expect(answer.json["state"] == "closed")
            #expect(answer.headers[.readsBehind] == "true")
            #expect(answer.taggedRevision == 1)
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
