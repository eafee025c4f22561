import EventSourcing
import HTTPTypes
import HummingbirdTesting
import Testing

/// Issuing, refunding, voiding, and reversing a payment.
@Suite(.timeLimit(.minutes(5))) struct InvoiceActionTests {
    /// Each action, with a body that it takes, on an invoice that allows it.
    static let actions = [
        "issue": "{}", "refund": #"{"amount": 50}"#, "void": #"{"reason": "a mistake"}"#,
        "payments/0190a1b2-0000-7000-8000-00000000b001/reverse": #"{"reason": "bounced"}"#,
    ]

    private static func ready(for action: String, _ client: any TestClientProtocol) async throws -> String {
        guard action == "refund" || action.hasSuffix("/reverse") else { return try await client.createdDraft() }
        let path = try await client.createdInvoice()
        let body = #"{"id": "0190A1B2-0000-7000-8000-00000000B001"}"#
        #expect(try await client.send(.post, path + "/pay", body: body).status == 200)
        return path
    }

    @Test(arguments: [nil, "null", "{}", #"{"series": null}"#])
    func `a draft is issued in the standard series`(body: String?) async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let answer = try await client.send(.post, path + "/issue", body: body)
            #expect(answer.status == 200)
            #expect(answer.json["state"] == "open")
            #expect(answer.json["number"] == "INV-2026-000001")
            #expect(answer.json["issuedAt"].string != nil)
            #expect(answer.taggedRevision == 1)
            #expect(try await client.send(.get, path).json == answer.json)
        }
    }

    @Test func `each series counts by itself`() async throws {
        try await TestService().test { client in
            var numbers: [String?] = []
            for series in ["SHOP1", "SHOP2", "SHOP1"] {
                let path = try await client.createdDraft()
                let answer = try await client.send(.post, path + "/issue", body: #"{"series": "\#(series)"}"#)
                numbers.append(answer.json["number"].string)
            }
            #expect(numbers == ["SHOP1-2026-000001", "SHOP2-2026-000001", "SHOP1-2026-000002"])
        }
    }

    @Test func `payments are given back, in part and then all that is kept`() async throws {
        try await TestService().test { client in
            let path = try await Self.ready(for: "refund", client)
            let part = try await client.send(.post, path + "/refund", body: #"{"amount": 250, "reason": "late"}"#)
            #expect(part.status == 200)
            #expect(part.json["paymentStatus"] == "partially_refunded")
            #expect(part.json["refundedAmount"] == 250)
            let tooMuch = try await client.send(.post, path + "/refund", body: #"{"amount": 1001}"#)
            #expect(tooMuch.status == 409)
            #expect(tooMuch.json["code"] == "refund-too-large")
            #expect(tooMuch.json["errors"].elements.map { $0["pointer"] } == ["/amount"])
            #expect(tooMuch.json["detail"].string?.contains("1000 can be") == true)
            let rest = try await client.send(.post, path + "/refund")
            #expect(rest.json["paymentStatus"] == "refunded")
            #expect(rest.json["state"] == "closed")
            let nothing = try await client.send(.post, path + "/refund")
            #expect(nothing.json["code"] == "action-not-allowed")
            #expect(nothing.json["detail"].string?.hasSuffix("does not allow refund. It allows: reverse.") == true)
        }
    }

    @Test func `a void invoice keeps its number and says why`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/void", body: #"{"reason": "Wrong customer"}"#)
            #expect(answer.status == 200)
            #expect(answer.json["state"] == "void")
            #expect(answer.json["voidReason"] == "Wrong customer")
            #expect(answer.json["voidedAt"].string != nil)
            #expect(answer.json["number"] == "INV-2026-000001")
        }
    }

    @Test(arguments: [
        ("issue", #"{"series": "shop", "number": 1}"#, ["/series": "invalid-series", "/number": "unknown-member"]),
        ("refund", #"{"amount": 0, "reason": ""}"#, ["/amount": "out-of-range", "/reason": "invalid-reason"]),
        ("void", "{}", ["/reason": "required"]), ("void", #"{"reason": "two\nlines"}"#, ["/reason": "invalid-reason"]),
        ("void", #"{"reason": 7, "why": 1}"#, ["/reason": "wrong-type", "/why": "unknown-member"]),
    ])
    func `a wrong body is refused with everything that is wrong`(
        action: String, body: String, errors: [String: String]
    ) async throws {
        try await TestService().test { client in
            let path = try await Self.ready(for: action, client)
            let before = try await client.send(.get, path).json
            let answer = try await client.send(.post, "\(path)/\(action)", body: body)
            #expect(answer.status == 422)
            let found = answer.json["errors"].elements.map { ($0["pointer"].string ?? "", $0["code"].string ?? "") }
            #expect(Dictionary(uniqueKeysWithValues: found) == errors)
            #expect(try await client.send(.get, path).json == before)
        }
    }

    @Test func `voiding needs a reason`() async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let answer = try await client.send(.post, path + "/void")
            #expect(answer.status == 400)
            #expect(answer.json["detail"].string?.contains("reason") == true)
        }
    }

    @Test(arguments: actions.keys.sorted())
    func `an action is under the condition of If-Match`(action: String) async throws {
        try await TestService().test { client in
            let path = try await Self.ready(for: action, client)
            let (target, body) = ("\(path)/\(action)", Self.actions[action])
            let tag = try #require(try await client.send(.get, path).headers[.eTag])
            let changed = try await client.send(.post, target, headers: [.ifMatch: "\"9\""], body: body)
            #expect(changed.status == 412)
            #expect(tag.hasPrefix("\(try #require(changed.headers[.eTag]).dropLast())-"))
            let negated = try await client.send(.post, target, headers: [.ifNoneMatch: "*"], body: body)
            #expect(negated.status == 412)
            #expect(try await client.send(.post, target, headers: [.ifMatch: "9"], body: body).status == 400)
            #expect(try await client.send(.post, target, headers: [.ifMatch: tag], body: body).status == 200)
        }
    }

    @Test(arguments: actions.keys.sorted())
    func `an action can be answered minimally`(action: String) async throws {
        try await TestService().test { client in
            let path = try await Self.ready(for: action, client)
            let answer = try await client.send(
                .post, "\(path)/\(action)", headers: [.prefer: "return=minimal"], body: Self.actions[action])
            #expect(answer.status == 204)
            let token = try #require(answer.headers[.consistencyToken])
            let read = try await client.send(.get, path, headers: [.consistencyToken: token])
            #expect(read.headers[.eTag] == answer.headers[.eTag])
        }
    }

    @Test(arguments: actions.keys.sorted())
    func `nothing is done with what does not exist`(action: String) async throws {
        try await TestService().test { client in
            let nobody = "/invoices/0190a1b2-0000-7000-8000-000000000009/\(action)"
            let absent = try await client.send(.post, nobody, body: Self.actions[action])
            #expect(absent.status == 404)
            #expect(absent.json["code"] == "invoice-not-found")
            let unnamed = try await client.send(.post, "/invoices/x/\(action)", body: Self.actions[action])
            #expect(unnamed.status == 400)
        }
    }

    @Test(arguments: actions.keys.sorted())
    func `an action that reads do not show in time says so`(action: String) async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await Self.ready(for: action, client)
            service.store.pauseProjection()
            let answer = try await client.send(.post, "\(path)/\(action)", body: Self.actions[action])
            #expect(answer.status == 200)
            #expect(answer.headers[.readsBehind] == "true")
        }
    }

    @Test func `what is not allowed names the state and what is`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            #expect(try await client.send(.post, path + "/pay", body: #"{"amount": 1}"#).status == 200)
            let refusals = [
                "issue": "which does not allow issue. It allows: pay, reverse, refund.",
                "void": "which does not allow void. It allows: pay, reverse, refund.",
            ]
            for (action, advice) in refusals {
                let answer = try await client.send(.post, "\(path)/\(action)", body: Self.actions[action])
                #expect(answer.status == 409)
                #expect(answer.json["code"] == "action-not-allowed")
                #expect(answer.json["detail"].string == "The invoice is open and partially_paid, \(advice)")
            }
        }
    }
}
