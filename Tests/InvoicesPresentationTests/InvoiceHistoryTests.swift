import EventSourcing
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

/// What has happened to an invoice, and what it was.
@Suite(.timeLimit(.minutes(5))) struct InvoiceHistoryTests {
    /// Creates a draft and does everything with it; seven events.
    private static func fullHistory(_ client: any TestClientProtocol) async throws -> (path: String, states: [Value]) {
        let path = try await client.createdDraft()
        var states = [try await client.send(.get, path).json]
        let steps: [(HTTPRequest.Method, String, String?)] = [
            (.patch, "", #"{"amount": 900}"#), (.post, "/issue", nil), (.post, "/pay", #"{"amount": 400}"#),
            (.post, "/refund", #"{"amount": 400, "reason": "late"}"#), (.post, "/pay", nil), (.post, "/refund", nil),
        ]
        for (method, action, body) in steps {
            let answer = try await client.send(
                method, path + action, headers: [.requestID: "request-\(states.count)"], body: body)
            #expect(answer.status == 200)
            states.append(answer.json)
        }
        return (path, states)
    }

    @Test func `a history tells what has happened, when, and on whose behalf`() async throws {
        try await TestService().test { client in
            let (path, states) = try await Self.fullHistory(client)
            let answer = try await client.send(.get, path + "/events")
            #expect(answer.status == 200)
            #expect(answer.json["nextAfter"] == .null)
            let events = answer.json["data"].elements
            #expect(
                events.map { $0["type"].string } == [
                    "invoices.invoice.created.v3", "invoices.invoice.revised.v1", "invoices.invoice.issued.v1",
                    "invoices.invoice.payment_received.v1", "invoices.invoice.refunded.v1",
                    "invoices.invoice.payment_received.v1", "invoices.invoice.refunded.v1",
                ])
            #expect(events.map { $0["revision"] } == (0..<7).map { .integer(Int64($0)) })
            #expect(events[1...].map { $0["correlationId"].string } == (1..<7).map { "request-\($0)" })
            #expect(events[1...].map { $0["causationId"] } == events[1...].map { $0["correlationId"] })
            #expect(events.allSatisfy { $0["source"] == "invoices.http" && $0["user"] == .null })
            #expect(events.map { $0["number"].string } == [nil, nil, "INV-2026-000001", nil, nil, nil, nil])
            #expect(events.allSatisfy { $0["data"]["invoiceId"] == states[0]["id"] })
            #expect(events[0]["data"]["terms"]["customerId"] == states[0]["customerId"])
            #expect(events[0]["data"]["terms"]["amount"] == 1250)
            #expect(events[0]["data"]["createdAt"] == events[0]["occurredAt"])
            #expect(events[4]["data"]["reason"] == "late")
            #expect(events[5]["data"]["amount"] == 500)
            #expect(events.last?["data"]["refundedAt"] == events.last?["occurredAt"])
            #expect(states.count == 7)
        }
    }

    @Test(arguments: 1...8) func `pages follow one another to the end`(limit: Int) async throws {
        try await TestService().test { client in
            let (path, _) = try await Self.fullHistory(client)
            let all = try await client.send(.get, path + "/events").json["data"].elements
            var (found, next): ([Value], String?) = ([], "")
            while let after = next {
                let page = try await client.send(.get, "\(path)/events?limit=\(limit)\(after)").json
                #expect((1...limit).contains(page["data"].elements.count))
                found += page["data"].elements
                if case .integer(let revision) = page["nextAfter"] { next = "&after=\(revision)" } else { next = nil }
            }
            #expect(found == all)
            for beyond in [6, 7, Int.max] {
                let page = try await client.send(.get, "\(path)/events?after=\(beyond)").json
                #expect(page["data"] == .array([]) && page["nextAfter"] == .null)
            }
        }
    }

    @Test(arguments: ["after=-1", "after=01", "after=x", "after=1.0", "after=99999999999999999999", "after=1-gzip"])
    func `what is no revision is refused`(query: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let answer = try await client.send(.get, "\(path)/events?\(query)")
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["code"] == "not-a-revision")
        }
    }

    @Test(arguments: ["", "?after=0"]) func `what never happened has no history`(query: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/invoices/0190a1b2-0000-7000-8000-000000000009/events" + query)
            #expect(answer.status == 404)
            #expect(answer.json["code"] == "invoice-not-found")
        }
    }

    @Test func `a redacted event keeps its place and tells nothing`() async throws {
        let service = try TestService()
        try await service.test { client in
            let (path, _) = try await Self.fullHistory(client)
            let base = service.store.base
            let stream = try #require(try await base.readLog(after: nil, .forwards, limit: 1).first?.stream)
            let context = MessageContext(
                tenant: stream.tenant, correlationID: "c", source: "tests", now: TestClock.start)
            #expect(try await base.redact(Revision(4), of: stream, reason: "a name", in: context))
            let events = try await client.send(.get, path + "/events").json["data"].elements
            #expect(events.count == 7)
            #expect(events[4]["data"] == .null)
            #expect(events[4]["type"] == "invoices.invoice.refunded.v1")
            let past = try await client.send(.get, path + "?revision=4")
            #expect(past.taggedRevision == 4)
            #expect(past.json["refundedAmount"] == 0)
        }
    }

    @Test func `every revision can be read as it was`() async throws {
        try await TestService().test { client in
            let (path, states) = try await Self.fullHistory(client)
            for (revision, state) in states.enumerated() {
                let answer = try await client.send(.get, "\(path)?revision=\(revision)")
                #expect(answer.status == 200)
                #expect(answer.taggedRevision == Int64(revision))
                #expect(answer.json == state)
            }
            let answer = try await client.send(.get, path + "?revision=7")
            #expect(answer.status == 404)
            #expect(answer.json["detail"].string?.contains("events") == true)
        }
    }

    @Test func `every moment can be read as it was`() async throws {
        try await TestService().test { client in
            let (path, states) = try await Self.fullHistory(client)
            let events = try await client.send(.get, path + "/events").json["data"].elements
            let times = events.compactMap { $0["recordedAt"].string }
            for (index, time) in times.enumerated() {
                let last = times.lastIndex(of: time) ?? index
                #expect(try await client.send(.get, "\(path)?at=\(time)").json == states[last])
            }
            #expect(try await client.send(.get, path + "?at=9999-12-31T23:59:59-23:59").json == states.last)
            #expect(try await client.send(.get, path + "?at=2020-01-01T00:00:00Z").status == 404)
            #expect(try await client.send(.get, path + "?at=0000-01-01T00:00:00Z").status == 404)
        }
    }

    @Test(arguments: [
        ("at=2026-11-21T09:30:00Z&revision=0", "revision", "contradiction"), ("at=yesterday", "at", "not-a-time"),
        ("revision=-1", "revision", "not-a-revision"), ("when=1", "when", "unknown-parameter"),
    ])
    func `a moment that is none is refused`(query: String, parameter: String, code: String) async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            let answer = try await client.send(.get, "\(path)?\(query)")
            #expect(answer.status == 400)
            #expect(answer.json["errors"][0]["parameter"].string == parameter)
            #expect(answer.json["errors"][0]["code"].string == code)
        }
    }

    @Test func `what is not overdue now was not before, and what was, was`() async throws {
        try await TestService().test { client in
            let body = #"{"customerId": "\#(customer)", "amount": 5, "dueDate": "2020-01-01"}"#
            let path = try #require(try await client.send(.post, "/invoices", body: body).headers[.location])
            #expect(try await client.send(.post, path + "/pay").json["overdue"] == .bool(false))
            #expect(try await client.send(.get, path + "?revision=0").json["overdue"] == .bool(true))
            #expect(try await client.send(.get, path + "?revision=1").json["overdue"] == .bool(false))
        }
    }

    // MARK: When a clock was wrong

    private static let month: TimeInterval = 30 * 86_400

    private static func time(_ service: TestService, plus offset: TimeInterval = 0) -> String {
        RFC3339.string(from: service.clock.storeTime + offset)
    }

    @Test(arguments: [month, -month]) func `a store's clock that was wrong once hides nothing`(
        error: TimeInterval
    ) async throws {
        let service = try TestService()
        try await service.test { client in
            let before = try await client.createdInvoice()
            service.clock.advance(by: 60)
            service.clock.putStore(aheadBy: error)
            let during = try await client.createdInvoice()
            _ = try await client.send(.post, before + "/pay", body: #"{"amount": 1}"#)
            service.clock.putStore(aheadBy: 0)
            service.clock.advance(by: 60)
            let after = try await client.createdInvoice()
            let recorded = try await client.send(.get, after + "/events").json["data"][0]["recordedAt"]
            #expect(recorded.string == Self.time(service))
            for path in [before, during, after] {
                for offset: TimeInterval in [0, 3_600] {
                    let past = try await client.send(.get, "\(path)?at=\(Self.time(service, plus: offset))")
                    let present = try await client.send(.get, path)
                    #expect(past.status == 200 && past.json == present.json, "\(path)")
                }
            }
            // Half a minute ago the invoice of before was there, and paid; that of now was not.
            service.clock.advance(by: 3_600)
            let past = Self.time(service, plus: -3_630)
            #expect(try await client.send(.get, "\(before)?at=\(past)").json["paidAmount"] == 1)
            #expect(try await client.send(.get, "\(during)?at=\(past)").status == 200)
            #expect(try await client.send(.get, "\(after)?at=\(past)").status == 404)
        }
    }

    @Test func `a service's clock that was ahead once hides nothing`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.clock.advance(by: Self.month)
            let during = try await client.createdInvoice()
            service.clock.advance(by: -Self.month)
            // The log has no event before it that could tell when it was.
            #expect(try await client.send(.get, during + "?at=0001-01-01T00:00:00Z").json["overdue"] == .bool(false))
            for offset: TimeInterval in [0, 3_600] {
                let past = try await client.send(.get, "\(during)?at=\(Self.time(service, plus: offset))")
                #expect(past.status == 200)
            }
            _ = try await client.send(.post, during + "/pay")
            service.clock.advance(by: 3_600)
            let past = try await client.send(.get, "\(during)?at=\(Self.time(service, plus: -60))")
            #expect(past.status == 200 && past.json["state"] == "closed")
            let recorded = try await client.send(.get, during + "/events").json["data"].elements.map {
                $0["recordedAt"].string
            }
            #expect(recorded == recorded.sorted { $0 ?? "" > $1 ?? "" } && Set(recorded).count == 2)
        }
    }

    @Test func `a revision is judged by today, whenever it was recorded`() async throws {
        let service = try TestService()
        try await service.test { client in
            service.clock.putStore(aheadBy: Self.month)
            let body = #"{"customerId": "\#(customer)", "amount": 5, "dueDate": "2026-11-18"}"#
            let path = try #require(try await client.send(.post, "/invoices", body: body).headers[.location])
            #expect(try await client.send(.get, path + "?revision=0").json["overdue"] == .bool(false))
            service.clock.advance(by: 86_400)
            #expect(try await client.send(.get, path + "?revision=0").json["overdue"] == .bool(true))
            #expect(try await client.send(.get, path + "?revision=0&on=2026-11-18").json["overdue"] == .bool(false))
            let atNoon = try await client.send(.get, path + "?at=2026-11-18T12:00:00Z")
            #expect(atNoon.json["overdue"] == .bool(false))
        }
    }

    @Test func `an invoice is there at the time that it says it was created at`() async throws {
        try await TestService().test { client in
            let created = try await client.createInvoice()
            let (path, time) = (
                try #require(created.headers[.location]), try #require(created.json["createdAt"].string)
            )
            #expect(try await client.send(.get, "\(path)?at=\(time)").json == created.json)
        }
    }

    @Test func `histories do not wait for the read model`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdDraft()
            service.store.pauseProjection()
            let issued = try await client.send(.post, path + "/issue")
            #expect(issued.headers[.readsBehind] == "true")
            let token = try #require(issued.headers[.consistencyToken])
            let history = try await client.send(.get, path + "/events", headers: [.consistencyToken: token])
            #expect(history.json["data"].elements.count == 2)
            let past = try await client.send(.get, path + "?revision=1", headers: [.consistencyToken: token])
            #expect(past.json["state"] == "open")
        }
    }
}
