import EventSourcing
import Foundation
import HTTPTypes
import HummingbirdTesting
import InvoicesDomain
import Testing

/// An invoice with an event that this program cannot read, and pages of what invoices were.
@Suite(.timeLimit(.minutes(5))) struct InvoiceSetAsideTests {
    /// Appends an event as a later version of the program would, to an invoice that is there or not.
    private static func append(
        _ type: String, _ data: String = "{}", metadata: String? = nil, to id: String, in service: TestService
    ) async throws {
        let tenant = try TenantID("acme")
        let stream = StreamName(stored: "invoices.invoice.v1-acme-\(id)", tenant: tenant)
        let readable = EventMetadata(correlationID: "c", causationID: "c", source: "later", occurredAt: Date())
        let event = NewEvent(
            id: UUID(), type: try EventType(type), data: EventPayload(bytes: Array(data.utf8)),
            metadata: try metadata.map { EventPayload(bytes: Array($0.utf8)) } ?? EventPayload(encoding: readable))
        _ = try await service.store.append(Append([StreamAppend([event], to: stream, expecting: .any)]))
    }

    private static let actions: [(HTTPRequest.Method, String, String?)] = [
        (.post, "/pay", nil), (.post, "/issue", nil), (.post, "/refund", nil), (.post, "/void", #"{"reason": "r"}"#),
        (.patch, "", #"{"amount": 1}"#),
    ]

    /// Everything that can be asked of an invoice and done with it.
    private static func answers(at path: String, _ client: any TestClientProtocol) async throws -> [Answer] {
        var answers: [Answer] = []
        for query in ["", "?revision=0", "?at=2030-01-01T00:00:00Z", "/events"] {
            answers.append(try await client.send(.get, path + query))
        }
        for query in ["", "?revision=0", "?at=2030-01-01T00:00:00Z"] {
            answers.append(try await client.send(.get, path + query, headers: [.accept: "text/html"]))
        }
        for (method, action, body) in actions {
            answers.append(try await client.send(method, path + action, body: body))
            let key: HTTPFields = [.idempotencyKey: "key \(action)".replacing(" ", with: "-")]
            answers.append(try await client.send(method, path + action, headers: key, body: body))
        }
        return answers
    }

    @Test(arguments: [
        ("invoices.invoice.created.v9", "{}"), ("invoices.invoice.created.v3", #"{"nothing": "of it"}"#),
        (
            "invoices.invoice.created.v3",
            #"""
            {"createdAt": "2026-11-18T11:06:40Z", "invoiceId": "0190a1b2-0000-7000-8000-0000000000aa",
             "terms": {"amount": 1, "currency": "QQQ", "customerId": "0190a1b2-0000-7000-8000-0000000000bb",
             "lines": [], "netAmount": 1, "taxAmount": 0}}
            """#
        ),
    ])
    func `whatever is asked of it and done with it has one answer`(type: String, data: String) async throws {
        let service = try TestService()
        try await service.test { client in
            let id = "0190a1b2-0000-7000-8000-0000000000aa"
            try await Self.append(type, data, to: id, in: service)
            let answers = try await Self.answers(at: "/invoices/\(id)", client)
            #expect(answers.count == 17)
            for answer in answers {
                #expect(answer.status == 503)
                #expect(answer.json["code"] == "invoice-set-aside")
                #expect(answer.headers[.retryAfter] == "60")
            }
            #expect(try await client.send(.get, "/invoices/0190a1b2-0000-7000-8000-0000000000ab").status == 404)
        }
    }

    @Test func `the stream ends before an event that cannot be read, and who comes back is told so`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            try await Self.append("invoices.invoice.written_off.v1", to: String(path.suffix(36)), in: service)
            _ = try await client.createdInvoice()
            let stream = try await client.send(.get, "/invoices/stream?after=start")
            #expect(stream.status == 200)
            let ids = stream.text.matches(of: /id: (\S+)\nevent: (\S+)/).map(\.output)
            #expect(ids.map(\.2) == ["invoices.invoice.created.v3"])
            let last = String(try #require(ids.last?.1))
            let lastEventID = try #require(HTTPField.Name("Last-Event-ID"))
            for headers: HTTPFields in [[lastEventID: last], [lastEventID: last, .accept: "text/event-stream"]] {
                let answer = try await client.send(.get, "/invoices/stream", headers: headers)
                #expect(answer.status == 503)
                #expect(answer.json["code"] == "invoice-set-aside")
            }
        }
    }

    @Test func `metadata that cannot be read keeps the history back, and nothing else`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            try await Self.append(
                "invoices.invoice.voided.v1",
                #"{"invoiceId": "\#(path.suffix(36))", "reason": "r", "voidedAt": "2026-11-18T11:06:40Z"}"#,
                metadata: "{}", to: String(path.suffix(36)), in: service)
            #expect(try await client.send(.get, path).json["state"] == "void")
            let history = try await client.send(.get, path + "/events")
            #expect(history.status == 503)
            #expect(history.json["code"] == "invoice-set-aside")
            #expect(try await client.send(.get, path + "/events?limit=1").status == 200)
        }
    }

    @Test func `what an invoice was before the event is read, and lists say that one is set aside`() async throws {
        let service = try TestService()
        try await service.test { client in
            let path = try await client.createdInvoice()
            let before = try await client.send(.get, path)
            #expect(try await client.send(.get, "/invoices").headers[Self.setAside] == nil)
            try await Self.append(
                "invoices.invoice.written_off.v1", to: String(path.dropFirst("/invoices/".count)), in: service)
            for request in [path, path + "?revision=1", path + "?at=2030-01-01T00:00:00Z", path + "/events"] {
                let answer = try await client.send(.get, request)
                #expect(answer.status == 503)
                #expect(answer.json["code"] == "invoice-set-aside")
            }
            #expect(try await client.send(.post, path + "/pay").json["code"] == "invoice-set-aside")
            #expect(try await client.send(.get, path + "?revision=0").json == before.json)
            for list in ["/invoices", "/customers/\(customer)/statement"] {
                #expect(try await client.send(.get, list).headers[Self.setAside] == "1")
            }
        }
    }

    private static let setAside = HTTPField.Name("Invoices-Set-Aside")!

    @Test(arguments: ["revision=0", "at=2030-01-01T00:00:00Z"])
    func `an invoice as it was is a page, too`(query: String) async throws {
        try await TestService().test { client in
            let draft = try await client.createdDraft()
            let json = try await client.send(.get, "\(draft)?\(query)")
            #expect(json.headers[.vary]?.contains("Accept") == true)
            for accept in ["text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "text/*"] {
                let page = try await client.send(.get, "\(draft)?\(query)", headers: [.accept: accept])
                #expect(page.status == 200)
                #expect(page.headers[.contentType] == "text/html; charset=utf-8")
                #expect(page.headers[.contentSecurityPolicy] != nil)
                #expect(page.headers[.eTag] != json.headers[.eTag])
                #expect(page.headers[.vary]?.contains("Accept") == true)
                #expect(page.text.contains("Draft of an invoice") && page.text.contains("revision 0"))
            }
            let image = try await client.send(.get, "\(draft)?\(query)", headers: [.accept: "image/png"])
            #expect(image.status == 406)
        }
    }

    @Test func `a page of a past revision shows what the invoice was then`() async throws {
        try await TestService().test { client in
            let path = try await client.createdDraft()
            _ = try await client.send(.patch, path, body: #"{"reference": "Later"}"#)
            _ = try await client.send(.post, path + "/issue")
            let headers: HTTPFields = [.accept: "text/html"]
            let pages = try await [0, 1, 2].asyncMap {
                try await client.send(.get, "\(path)?revision=\($0)", headers: headers).text
            }
            #expect(pages.map { $0.contains("Later") } == [false, true, true])
            #expect(pages.map { $0.contains("INV-2026-000001") } == [false, false, true])
            #expect(try await client.send(.get, "\(path)?revision=3", headers: headers).status == 404)
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
