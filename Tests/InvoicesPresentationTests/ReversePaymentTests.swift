import EventSourcing
import HTTPTypes
import HummingbirdTesting
import Testing

/// Payments have ids, and one that was none is reversed.
@Suite(.timeLimit(.minutes(5))) struct ReversePaymentTests {
    static let ids = (1...3).map { "0190a1b2-0000-7000-8000-00000000b00\($0)" }
    private static let bounced = #"{"reason": "The direct debit bounced"}"#

    private static func pay(
        _ path: String, _ amount: Int, as id: String, _ client: any TestClientProtocol
    ) async throws -> Answer {
        try await client.send(.post, path + "/pay", body: #"{"id": "\#(id)", "amount": \#(amount)}"#)
    }

    private static func reverse(
        _ path: String, _ id: String, headers: HTTPFields = [:], _ client: any TestClientProtocol
    ) async throws -> Answer {
        try await client.send(.post, "\(path)/payments/\(id)/reverse", headers: headers, body: bounced)
    }

    @Test func `an invoice lists its payments, with ids that were given or made`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            #expect(try await client.send(.get, path).json["payments"].elements.isEmpty)
            _ = try await client.send(
                .post, path + "/pay",
                body: #"""
                    {"id": "\#(Self.ids[0].uppercased())", "amount": 250, "method": "direct_debit", "reference": "E2E-1",
                     "paidAt": "2026-11-17T10:00:00Z"}
                    """#)
            let answer = try await client.send(.post, path + "/pay")
            let payments = answer.json["payments"].elements
            #expect(payments.map { $0["amount"] } == [250, 1000])
            #expect(payments[0]["id"].string == Self.ids[0])
            #expect(payments[0]["method"] == "direct_debit")
            #expect(payments[0]["reference"] == "E2E-1")
            #expect(payments[0]["paidAt"] == "2026-11-17T10:00:00Z")
            #expect(payments[0]["reversedAt"] == .null)
            let made = try #require(payments[1]["id"].string)
            #expect(made != Self.ids[0])
            #expect(try await Self.reverse(path, made, client).status == 200)
        }
    }

    @Test func `a direct debit that bounces is due again everywhere`() async throws {
        let service = try TestService()
        try await service.test { client in
            let body = #"{"customerId": "\#(customer)", "amount": 10000, "dueDate": "2026-11-17"}"#
            let path = try #require(try await client.send(.post, "/invoices", body: body).headers[.location])
            _ = try await Self.pay(path, 4000, as: Self.ids[0], client)
            #expect(try await Self.pay(path, 6000, as: Self.ids[1], client).json["state"] == "closed")
            #expect(try await Self.reverse(path, Self.ids[1], client).status == 200)
            let answer = try await Self.reverse(path, Self.ids[0], client)
            #expect(answer.taggedRevision == 4)
            let expected: [(String, Value)] = [
                ("state", "open"), ("paymentStatus", "unpaid"), ("dueAmount", 10000), ("paidAmount", 0),
                ("paidAt", .null), ("overdue", .bool(true)), ("revision", 4),
            ]
            for (name, value) in expected { #expect(answer.json[name] == value, "\(name)") }
            #expect(answer.json["payments"].elements.allSatisfy { $0["reversedAt"].string != nil })
            #expect(answer.json["payments"].elements[1]["reversalReason"] == "The direct debit bounced")
            #expect(try await client.send(.get, path).json == answer.json)
            #expect(try await client.send(.get, path + "?revision=4").json["dueAmount"] == 10000)
            #expect(try await client.send(.get, path + "?revision=2").json["state"] == "closed")
            let list = try await client.send(.get, "/invoices?state=open&paymentStatus=unpaid&overdue=true")
            #expect(list.json["data"].elements == [answer.json])
            let statement = try await client.send(.get, "/customers/\(customer)/statement")
            let balance = statement.json["balances"][0]
            #expect(balance["open"]["amount"] == 10000)
            #expect(balance["overdue"]["amount"] == 10000)
            #expect(balance["paid"]["amount"] == 0)
            let events = try await client.send(.get, path + "/events").json["data"].elements
            #expect(events.last?["type"] == "invoices.invoice.payment_reversed.v1")
            #expect(events.last?["data"]["paymentId"].string == Self.ids[0])
            #expect(events.last?["data"]["amount"] == 4000)
            #expect(events[1]["data"]["paymentId"].string == Self.ids[0])
            let again = try await client.send(.post, path + "/pay")
            #expect(again.json["state"] == "closed")
            #expect(again.json["payments"].elements.count == 3)
        }
    }

    @Test func `what is not there, was reversed, or is of a void invoice is not reversed`() async throws {
        try await TestService().test { client in
            let draft = try await client.createdDraft()
            let paths = [draft, try await client.createdInvoice(), try await client.createdInvoice()]
            _ = try await Self.pay(paths[2], 1250, as: Self.ids[0], client)
            for path in paths {
                let unknown = try await Self.reverse(path, Self.ids[1], client)
                #expect(unknown.status == 404)
                #expect(unknown.json["code"] == "payment-not-found")
            }
            #expect(try await Self.reverse(paths[2], Self.ids[0], client).status == 200)
            let twice = try await Self.reverse(paths[2], Self.ids[0], client)
            #expect(twice.status == 409)
            #expect(twice.json["code"] == "payment-already-reversed")
            _ = try await Self.pay(paths[1], 250, as: Self.ids[0], client)
            _ = try await client.send(.post, paths[1] + "/refund")
            _ = try await client.send(.post, paths[1] + "/void", body: #"{"reason": "a mistake"}"#)
            let void = try await Self.reverse(paths[1], Self.ids[0], client)
            #expect(void.status == 409)
            #expect(void.json["code"] == "action-not-allowed")
        }
    }

    @Test func `every id of the path that is none is named`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.post, "/invoices/x/payments/y/reverse", body: Self.bounced)
            #expect(answer.status == 400)
            #expect(answer.json["errors"].elements.map { $0["parameter"] } == ["id", "paymentId"])
        }
    }

    @Test(arguments: [
        ("{}", ["/reason": "required"]), (#"{"reason": ""}"#, ["/reason": "invalid-reason"]),
        (#"{"reason": 7, "amount": 1}"#, ["/reason": "wrong-type", "/amount": "unknown-member"]),
    ])
    func `a reversal needs a reason, and nothing else`(body: String, errors: [String: String]) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            _ = try await Self.pay(path, 1250, as: Self.ids[0], client)
            let answer = try await client.send(.post, "\(path)/payments/\(Self.ids[0])/reverse", body: body)
            #expect(answer.status == 422)
            let found = answer.json["errors"].elements.map { ($0["pointer"].string ?? "", $0["code"].string ?? "") }
            #expect(Dictionary(uniqueKeysWithValues: found) == errors)
            let empty = try await client.send(.post, "\(path)/payments/\(Self.ids[0])/reverse")
            #expect(empty.status == 400)
            #expect(try await client.send(.get, path).json["state"] == "closed")
        }
    }

    @Test func `a payment that is sent again is taken once, and another one under its id is refused`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            let first = try await Self.pay(path, 1250, as: Self.ids[0], client)
            #expect(first.status == 200)
            let again = try await Self.pay(path, 1250, as: Self.ids[0], client)
            #expect(again.status == 200)
            #expect(again.json == first.json)
            let other = try await Self.pay(path, 250, as: Self.ids[0], client)
            #expect(other.status == 409)
            #expect(other.json["code"] == "payment-already-exists")
            #expect(other.json["errors"][0]["pointer"] == "/id")
            _ = try await Self.reverse(path, Self.ids[0], client)
            let late = try await Self.pay(path, 1250, as: Self.ids[0], client)
            #expect(late.status == 200)
            #expect(late.json["dueAmount"] == 1250)
        }
        #expect(try await service.store.base.head().rawValue == 3)
    }

    @Test(arguments: [#""x""#, "7", #""0190a1b2""#])
    func `an id that is no UUID is refused`(id: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.post, path + "/pay", body: #"{"id": \#(id)}"#)
            #expect(answer.status == 422)
            #expect(answer.json["errors"].elements.map { $0["pointer"] } == ["/id"])
        }
    }

    @Test func `a reversal with a key is carried out once`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            _ = try await Self.pay(path, 1250, as: Self.ids[0], client)
            let key: HTTPFields = [.idempotencyKey: "reversal"]
            let first = try await Self.reverse(path, Self.ids[0], headers: key, client)
            _ = try await client.send(.post, path + "/pay")
            let again = try await Self.reverse(path, Self.ids[0].uppercased(), headers: key, client)
            #expect(again.headers[.idempotencyReplayed] == "true")
            #expect(again.bytes == first.bytes)
        }
        #expect(try await service.store.base.head().rawValue == 4)
    }

    @Test func `a key belongs to the reversal of one payment`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            _ = try await Self.pay(path, 250, as: Self.ids[0], client)
            _ = try await Self.pay(path, 1000, as: Self.ids[1], client)
            let key: HTTPFields = [.idempotencyKey: "reversal"]
            #expect(try await Self.reverse(path, Self.ids[0], headers: key, client).status == 200)
            let other = try await Self.reverse(path, Self.ids[1], headers: key, client)
            #expect(other.status == 422)
            #expect(other.json["code"] == "idempotency-key-reused")
        }
        #expect(try await service.store.base.head().rawValue == 4)
    }
}
