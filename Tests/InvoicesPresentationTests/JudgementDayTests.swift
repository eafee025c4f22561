import EventSourcing
import Foundation
import HTTPTypes
import HummingbirdTesting
import InvoicesDomain
import Testing

/// By which day it is judged what is overdue, and which day the service says it is. The test clock says 2026-11-18, 11:06
/// in UTC: in Auckland it is the 19th from 11:00 on.
@Suite(.timeLimit(.minutes(5))) struct JudgementDayTests {
    private let auckland = BusinessCalendar(zone: "Pacific/Auckland")!

    private static func body(due dueDate: String = "2026-11-18", draft: Bool = false) -> String {
        #"{"customerId": "\#(customer)", "amount": 9, "dueDate": "\#(dueDate)", "draft": \#(draft)}"#
    }

    @Test(arguments: [("UTC", false), ("Pacific/Auckland", true), ("America/New_York", false), ("Asia/Kolkata", false)])
    func `one rule says what is overdue, wherever it is shown`(zone: String, isOverdue: Bool) async throws {
        let overdue = Value.bool(isOverdue)
        try await TestService(calendar: try #require(BusinessCalendar(zone: zone))).test { client in
            let created = try await client.send(.post, "/invoices", body: Self.body())
            #expect(created.json["overdue"] == overdue)
            let path = try #require(created.headers[.location])
            #expect(try await client.send(.get, path).json["overdue"] == overdue)
            #expect(try await client.send(.get, path + "?revision=0").json["overdue"] == overdue)
            #expect(try await client.send(.get, path + "?at=9999-01-01T00:00:00Z").json["overdue"] == overdue)
            let paid = try await client.send(.post, path + "/pay", body: #"{"amount": 1}"#)
            #expect(paid.json["overdue"] == overdue)
            let batch = try await client.send(.post, "/invoices/batch", body: #"{"invoices": [\#(Self.body())]}"#)
            #expect(batch.json["outcomes"][0]["invoice"]["overdue"] == overdue)
            let list = try await client.send(.get, "/invoices")
            #expect(list.json["data"].elements.map { $0["overdue"] } == [overdue, overdue])
            let filtered = try await client.send(.get, "/invoices?overdue=\(isOverdue)")
            #expect(filtered.json["data"].elements.count == 2)
            let statement = try await client.send(.get, "/customers/\(customer)/statement").json
            #expect(statement["balances"][0]["overdue"]["invoices"] == (isOverdue ? 2 : 0))
            #expect(statement["on"].string == (isOverdue ? "2026-11-19" : "2026-11-18"))
            let page = try await client.send(.get, path, headers: [.accept: "text/html"]).text
            #expect(page.contains("class=\"status overdue\"") == isOverdue)
            #expect(page.contains("as of \(isOverdue ? "2026-11-19" : "2026-11-18"). Days are those of \(zone)."))
        }
    }

    @Test(arguments: [("2026-11-18", false), ("2026-11-19", true)])
    func `a stated day says it everywhere`(day: String, isOverdue: Bool) async throws {
        let (overdue, on) = (Value.bool(isOverdue), "on=\(day)")
        try await TestService(calendar: auckland).test { client in
            let created = try await client.send(.post, "/invoices?\(on)", body: Self.body())
            #expect(created.json["overdue"] == overdue)
            let path = try #require(created.headers[.location])
            for query in [on, "revision=0&\(on)", "at=9999-01-01T00:00:00Z&\(on)"] {
                #expect(try await client.send(.get, "\(path)?\(query)").json["overdue"] == overdue)
            }
            let page = try await client.send(.get, "\(path)?\(on)", headers: [.accept: "text/html"]).text
            #expect(page.contains("class=\"status overdue\"") == isOverdue && page.contains("as of \(day)."))
            let payment = "0190a1b2-0000-7000-8000-00000000b001"
            let actions = [
                ("pay", #"{"id": "\#(payment)", "amount": 5}"#), ("refund", #"{"amount": 5}"#),
                ("payments/\(payment)/reverse", #"{"reason": "bounced"}"#),
            ]
            for (action, body) in actions {
                #expect(try await client.send(.post, "\(path)/\(action)?\(on)", body: body).json["overdue"] == overdue)
            }
            let draft = try await client.send(.post, "/invoices?\(on)", body: Self.body(draft: true))
            let draftPath = try #require(draft.headers[.location])
            #expect(draft.json["overdue"] == .bool(false))
            let revised = try await client.send(.patch, "\(draftPath)?\(on)", body: #"{"amount": 8}"#)
            #expect(revised.json["overdue"] == .bool(false))
            #expect(try await client.send(.post, "\(draftPath)/issue?\(on)").json["overdue"] == overdue)
            let voided = try await client.send(.post, "\(draftPath)/void?\(on)", body: #"{"reason": "wrong"}"#)
            #expect(voided.json["overdue"] == .bool(false))
            let batch = try await client.send(
                .post, "/invoices/batch?\(on)", body: #"{"invoices": [\#(Self.body())]}"#)
            #expect(batch.json["outcomes"][0]["invoice"]["overdue"] == overdue)
            let list = try await client.send(.get, "/invoices?\(on)&state=open").json
            #expect(list["data"].elements.map { $0["overdue"] } == [overdue, overdue])
        }
    }

    @Test func `a day is no part of what is done`() async throws {
        try await TestService().test { client in
            let path = try #require(
                try await client.send(.post, "/invoices", body: Self.body()).headers[.location])
            let key = HTTPField.Name("Idempotency-Key")!
            let first = try await client.send(
                .post, path + "/pay", headers: [key: "once"], body: #"{"amount": 1}"#)
            let second = try await client.send(
                .post, path + "/pay?on=2026-12-01", headers: [key: "once"], body: #"{"amount": 1}"#)
            #expect(second.status == 200 && second.json["revision"] == first.json["revision"])
            #expect(first.json["overdue"] == .bool(false) && second.json["overdue"] == .bool(true))
        }
    }

    @Test(arguments: ["2026-02-30", "today", "", "2026-11-18T00:00:00Z", "26-11-18"])
    func `what is no day is refused, and nothing is done`(day: String) async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            let requests: [(HTTPRequest.Method, String, String?)] = [
                (.get, path, nil), (.get, "/invoices", nil), (.get, "/customers/\(customer)/statement", nil),
                (.post, "/invoices", Self.body()), (.post, path + "/pay", nil),
                (.post, "/invoices/batch", #"{"invoices": [\#(Self.body())]}"#),
            ]
            for (method, path, body) in requests {
                let answer = try await client.send(method, "\(path)?on=\(day)", body: body)
                #expect(answer.status == 400, "\(method) \(path)")
                #expect(
                    answer.json["errors"][0]["parameter"] == "on" && answer.json["errors"][0]["code"] == "not-a-date")
            }
            #expect(try await service.store.base.head().rawValue == 1)
        }
    }

    // MARK: The day that an invoice bears

    @Test func `an invoice bears today, in the zone, or the day that is stated`() async throws {
        try await TestService(calendar: auckland).test { client in
            let created = try await client.createInvoice()
            #expect(created.json["issueDate"] == "2026-11-19")
            let stated = try await client.send(
                .post, "/invoices", body: #"{"customerId": "\#(customer)", "amount": 1, "issueDate": "2025-12-31"}"#)
            #expect(stated.status == 201 && stated.json["issueDate"] == "2025-12-31")
            #expect(stated.json["number"] == "INV-2025-000001")
            let draft = try await client.createdDraft()
            #expect(try await client.send(.get, draft).json["issueDate"] == .null)
            let issued = try await client.send(.post, draft + "/issue", body: #"{"issueDate": "2026-11-01"}"#)
            #expect(issued.json["issueDate"] == "2026-11-01" && issued.json["number"] == "INV-2026-000002")
            let page = try await client.send(.get, draft, headers: [.accept: "text/html"]).text
            #expect(page.contains("<dt>Issued</dt><dd>2026-11-01</dd>"))
            let event = try await client.send(.get, draft + "/events").json["data"][1]["data"]
            #expect(event["issueDate"] == "2026-11-01" && event["year"] == 2026)
        }
    }

    @Test(arguments: ["2026-11-19", "2024-12-31", "9999-12-31"])
    func `a day to come or of long ago is refused`(date: String) async throws {
        try await TestService().test { client in
            let body = #"{"customerId": "\#(customer)", "amount": 1, "issueDate": "\#(date)"}"#
            let draft = try await client.createdDraft()
            let batch = try await client.send(.post, "/invoices/batch", body: #"{"invoices": [\#(body)]}"#)
            let problem = batch.json["outcomes"][0]["problem"]
            #expect(problem["errors"][0]["pointer"] == "/invoices/0/issueDate")
            for (path, body) in [("/invoices", body), (draft + "/issue", #"{"issueDate": "\#(date)"}"#)] {
                let answer = try await client.send(.post, path, body: body)
                #expect(answer.status == 422)
                #expect(answer.json["errors"][0]["pointer"] == "/issueDate")
                #expect(answer.json["errors"][0]["code"] == "out-of-range")
                #expect(
                    answer.json["errors"][0]["detail"].string
                        == "Send a day from 2025-01-01 to today, 2026-11-18, or leave it out for today.")
            }
        }
    }

    @Test func `a draft has no issue date yet`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .post, "/invoices",
                body: #"{"customerId": "\#(customer)", "amount": 1, "draft": true, "issueDate": "2026-11-18"}"#)
            #expect(answer.status == 422 && answer.json["errors"][0]["code"] == "contradiction")
        }
    }
}
