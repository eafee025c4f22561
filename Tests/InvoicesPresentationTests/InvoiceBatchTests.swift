import EventSourcing
import HTTPTypes
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

/// Invoices that are made out together.
@Suite(.timeLimit(.minutes(5))) struct InvoiceBatchTests {
    private static func body(_ invoices: [String]) -> String {
        #"{"invoices": [\#(invoices.joined(separator: ", "))]}"#
    }

    private static func invoice(amount: Int, _ more: String = "") -> String {
        #"{"customerId": "\#(customer)", "amount": \#(amount)\#(more)}"#
    }

    @Test func `a batch with a key that comes again is answered as the first time, whatever has happened since`()
        async throws
    {
        let service = try TestService()
        try await service.test { client in
            let key: HTTPFields = [.idempotencyKey: "batch"]
            let body = Self.body([
                Self.invoice(amount: 1), Self.invoice(amount: 0),
                Self.invoice(amount: 2, #", "dueDate": "2026-11-19""#),
            ])
            let first = try await client.send(.post, "/invoices/batch", headers: key, body: body)
            #expect(first.status == 200)
            #expect(first.headers[.idempotencyReplayed] == nil)
            let id = try #require(first.json["outcomes"][2]["id"].string)
            #expect(try await client.send(.post, "/invoices/\(id)/pay").status == 200)
            service.clock.advance(by: 30 * 86_400)
            let again = try await client.send(.post, "/invoices/batch", headers: key, body: body)
            #expect(again.headers[.idempotencyReplayed] == "true")
            #expect(again.status == first.status)
            #expect(again.bytes == first.bytes)
            #expect(again.headers[.consistencyToken] == first.headers[.consistencyToken])
            let other = try await client.send(
                .post, "/invoices/batch", headers: key, body: Self.body([Self.invoice(amount: 1)]))
            #expect(other.status == 422)
            #expect(other.json["code"] == "idempotency-key-reused")
        }
        #expect(try await service.store.base.head() == Position(3))
    }

    @Test(arguments: ["createdAt", "issuedAt", "dueDate", "amount", "number"])
    func `invoices of a batch are in its order in every list`(key: String) async throws {
        try await TestService().test { client in
            // A draft has no number and was not issued: all of them, or none.
            let more = key == "dueDate" ? #", "draft": true"# : #", "dueDate": "2026-12-31""#
            let body = Self.body((0..<20).map { _ in Self.invoice(amount: 1, more) })
            let made = try await client.send(.post, "/invoices/batch", body: body).json["outcomes"].elements
            let ids = made.map { $0["id"].string }
            let first = try await client.send(.get, "/invoices?sort=\(key)").json["data"].elements
            #expect(first.map { $0["id"].string } == ids)
            let last = try await client.send(.get, "/invoices?sort=-\(key)").json["data"].elements
            #expect(last.map { $0["id"].string } == ids.reversed())
        }
    }

    @Test func `each has its outcome, and what is wrong with one keeps no other from being created`() async throws {
        let service = try TestService()
        try await service.test { client in
            let answer = try await client.send(
                .post, "/invoices/batch",
                body: Self.body([
                    Self.invoice(amount: 1), "7", Self.invoice(amount: 0, #", "note": 1"#),
                    Self.invoice(amount: 2, #", "draft": true"#),
                    #"{"customerId": "\#(customer)", "lines": [{"description": "a", "quantity": "1", "unitPrice": 0,"#
                        + #" "taxRate": 0}]}"#,
                    Self.invoice(amount: 3),
                ]))
            #expect(answer.status == 200)
            #expect(answer.json["created"] == 3)
            #expect(answer.json["refused"] == 3)
            let outcomes = answer.json["outcomes"].elements
            #expect(outcomes.map { $0["index"] } == (0..<6).map { .integer(Int64($0)) })
            #expect(outcomes.map { $0["status"] } == [201, 422, 422, 201, 422, 201])
            #expect(outcomes[1]["problem"]["errors"][0]["pointer"] == "/invoices/1")
            #expect(outcomes[1]["problem"]["detail"].string?.hasSuffix("This one was not stored.") == true)
            let pointers = outcomes[2]["problem"]["errors"].elements.map { $0["pointer"].string }
            #expect(pointers == ["/invoices/2/amount", "/invoices/2/note"])
            #expect(outcomes[4]["problem"]["errors"][0]["pointer"] == "/invoices/4/lines")
            #expect(outcomes[3]["invoice"]["state"] == "draft")
            #expect(
                outcomes.map { $0["invoice"]["number"].string } == [
                    "INV-2026-000001", nil, nil, nil, nil, "INV-2026-000002",
                ])
            for outcome in outcomes where outcome["status"] == 201 {
                let id = try #require(outcome["id"].string)
                #expect(try await client.send(.get, "/invoices/\(id)").json == outcome["invoice"])
            }
        }
        #expect(try await service.store.base.head() == Position(3))
    }

    @Test func `five hundred are stored by one append`() async throws {
        let service = try TestService()
        try await service.test { client in
            let body = Self.body((1...500).map { Self.invoice(amount: $0) })
            let answer = try await client.send(.post, "/invoices/batch", body: body)
            #expect(answer.json["created"] == 500)
            let amounts = answer.json["outcomes"].elements.map { $0["invoice"]["amount"] }
            #expect(amounts == (1...500).map { .integer(Int64($0)) })
            let numbers = answer.json["outcomes"].elements.compactMap { $0["invoice"]["number"].string }
            #expect(numbers.first == "INV-2026-000001" && numbers.last == "INV-2026-000500")
            #expect(numbers == numbers.sorted())
        }
        #expect(service.store.appends == 1)
    }

    @Test(arguments: [
        ("{}", ["/invoices": "required"]), (#"{"invoices": {}}"#, ["/invoices": "wrong-type"]),
        (#"{"invoices": [], "atomic": true}"#, ["/invoices": "out-of-range", "/atomic": "unknown-member"]),
        (
            #"{"invoices": [\#(Array(repeating: "{}", count: 501).joined(separator: ","))]}"#,
            ["/invoices": "out-of-range"]
        ),
        ("[]", ["": "wrong-type"]),
    ])
    func `what is no batch is refused as a whole`(body: String, errors: [String: String]) async throws {
        let service = try TestService()
        try await service.test { client in
            let answer = try await client.send(.post, "/invoices/batch", body: body)
            #expect(answer.status == 422)
            let found = answer.json["errors"].elements.map { ($0["pointer"].string ?? "", $0["code"].string ?? "") }
            #expect(Dictionary(uniqueKeysWithValues: found) == errors)
            #expect(try await client.send(.post, "/invoices/batch").status == 400)
        }
        #expect(service.store.appends == 0)
    }

    @Test func `a batch of which nothing is right stores nothing, and says so`() async throws {
        let service = try TestService()
        try await service.test { client in
            let answer = try await client.send(.post, "/invoices/batch", body: Self.body(["{}"]))
            #expect(answer.status == 200)
            #expect(answer.json["created"] == 0)
            #expect(answer.headers[.consistencyToken] == nil)
        }
        #expect(service.store.appends == 0)
    }

    @Test func `a minimal answer leaves the invoices out and keeps the outcomes`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices/batch", headers: [.prefer: "return=minimal"],
                body: Self.body([Self.invoice(amount: 1), "{}"]))
            #expect(answer.status == 200)
            #expect(answer.headers[.preferenceApplied] == "return=minimal")
            let outcomes = answer.json["outcomes"]
            #expect(outcomes[0]["invoice"] == .null)
            #expect(outcomes[0]["id"].string != nil && outcomes[0]["revision"] == 0)
            #expect(outcomes[1]["problem"]["code"] == "validation-failed")
        }
    }

    @Test func `a stored batch that reads do not show in time is answered as ever, and says so`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.store.pauseProjection()
            let answer = try await client.send(
                .post, "/invoices/batch", body: Self.body([Self.invoice(amount: 1), "{}"]))
            #expect(answer.status == 200)
            #expect(answer.json["outcomes"].elements.map { $0["status"] } == [201, 422])
            #expect(answer.json["outcomes"][0]["invoice"]["amount"] == 1)
            #expect(answer.headers[.readsBehind] == "true")
        }
    }

    @Test func `when the store fails nothing is created`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.store.fail(with: StoreOverloaded())
            let answer = try await client.send(.post, "/invoices/batch", body: Self.body([Self.invoice(amount: 1)]))
            #expect(answer.status == 503)
        }
    }

    @Test func `a batch may be larger than other bodies, and has a limit of its own`() async throws {
        try await TestService().test { client in
            let large = Self.invoice(amount: 1) + String(repeating: " ", count: RequestLimits.bodySize)
            #expect(try await client.send(.post, "/invoices/batch", body: Self.body([large])).status == 200)
            #expect(try await client.send(.post, "/invoices", body: large).status == 413)
            let tooLarge = large + String(repeating: " ", count: RequestLimits.batchBodySize)
            let answer = try await client.send(.post, "/invoices/batch", body: Self.body([tooLarge]))
            #expect(answer.status == 413)
            #expect(answer.json["detail"].string == "Send at most \(RequestLimits.batchBodySize) bytes.")
        }
    }
}
