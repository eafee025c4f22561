import EventSourcing
import Foundation
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import NIOHTTP1
import Testing

@Suite(.timeLimit(.minutes(5))) struct WebhookNotifierTests {
    private func message() throws -> NotificationMessage {
        var invoice = Invoice()
        let id = InvoiceID(try #require(UUID(uuidString: "0190a1b2-0000-7000-8000-0000000000a1")))
        let terms = InvoiceTerms(
            customerId: CustomerID(UUID()), currency: "EUR", amount: 1250, dueDate: CalendarDate("2026-12-31"),
            reference: "a \"b\"\nc")
        let created = InvoiceCreated(
            invoiceId: id, terms: terms, createdAt: Date(timeIntervalSince1970: 1_795_000_000), issuedIn: .standard)
        invoice.evolve(.created(created).numbered(7))
        return NotificationMessage(
            InvoiceNotification(
                id: "n-1", template: .created, language: .german, recipient: "books@example.com",
                values: NotificationValues(try #require(invoice.details))),
            subject: "Rechnung", text: "Grüße", html: "<p>Grüße</p>")
    }

    /// Runs `body` with a notifier, whose connections are closed afterwards.
    private func withNotifier(
        _ url: String, timeout: Duration = .seconds(30), _ body: (WebhookNotifier) async throws -> Void
    ) async throws {
        let notifier = WebhookNotifier(url: url, timeout: timeout)
        do { try await body(notifier) } catch {
            try await notifier.close()
            throw error
        }
        try await notifier.close()
    }

    @Test func `a notification is posted as JSON, with its id as the key of a repetition`() async throws {
        try await RequestReceiver.running(.noContent) { receiver, url in
            try await withNotifier(url) { notifier in
                try await notifier.send(try message())
                try await notifier.send(try message())
            }
            #expect(receiver.requests.count == 2)
            for request in receiver.requests {
                #expect(request.method == "POST" && request.path == "/hook?key=s3cret")
                #expect(request.headers["idempotency-key"] == "n-1")
                #expect(request.headers["webhook-id"] == "n-1")
                #expect(request.headers["content-type"] == "application/json")
                let json = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
                #expect(json["id"] as? String == "n-1")
                #expect(json["template"] as? String == "created")
                #expect(json["language"] as? String == "de")
                #expect(json["recipient"] as? String == "books@example.com")
                #expect(json["subject"] as? String == "Rechnung")
                #expect(json["text"] as? String == "Grüße")
                #expect(json["html"] as? String == "<p>Grüße</p>")
                let values = try #require(json["values"] as? [String: Any])
                #expect(values["number"] as? String == "INV-2026-000007")
                #expect(values["due"] as? Int == 1250)
                #expect(values["dueDate"] as? String == "2026-12-31")
                #expect(values["reference"] as? String == "a \"b\"\nc")
            }
        }
    }

    @Test(arguments: [
        (HTTPResponseStatus.badRequest, ErrorCategory.validation), (.gone, .validation), (.found, .validation),
        (.requestTimeout, .transient), (.tooManyRequests, .transient), (.internalServerError, .transient),
        (.serviceUnavailable, .transient),
    ])
    func `what it answers with says whether it is tried again`(
        status: HTTPResponseStatus, category: ErrorCategory
    ) async throws {
        try await RequestReceiver.running(status) { receiver, url in
            try await withNotifier(url) { notifier in
                let failure = await #expect(throws: WebhookFailure.self) { try await notifier.send(try message()) }
                #expect(failure?.category == category)
                #expect(failure.map { "\($0)".contains("\(status.code)") && !"\($0)".contains("s3cret") } == true)
            }
            #expect(receiver.requests.count == 1, "redirects are not followed")
        }
    }

    @Test func `one that does not answer is waited for no longer than the time-out`() async throws {
        try await RequestReceiver.running(nil) { _, url in
            try await withNotifier(url, timeout: .milliseconds(200)) { notifier in
                let failure = await #expect(throws: WebhookFailure.self) { try await notifier.send(try message()) }
                #expect(failure?.category == .transient)
            }
        }
    }

    @Test func `one that is not there is tried again`() async throws {
        try await withNotifier("http://127.0.0.1:1/?key=s3cret") { notifier in
            let failure = await #expect(throws: WebhookFailure.self) { try await notifier.send(try message()) }
            #expect(failure?.category == .transient)
            #expect(failure.map { !"\($0)".contains("s3cret") } == true)
        }
    }

    @Test(arguments: ["https://example.com", "http://localhost:8080/a?b=c", "HTTPS://example.com/"])
    func `URLs of HTTP can be posted to`(url: String) { #expect(WebhookNotifier.isValid(url)) }

    @Test(arguments: [
        "", "example.com", "ftp://example.com", "http://", "https:///a", "http://a#b", "file:///etc/passwd",
    ])
    func `others cannot`(url: String) { #expect(!WebhookNotifier.isValid(url)) }
}
