import AsyncHTTPClient
package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// Posts notifications as JSON to one URL. The headers `Idempotency-Key` and `webhook-id` have the notification's id, by which
/// a receiver can tell a repetition.
///
/// As a service it closes its connections at shutdown.
package final class WebhookNotifier: Notifier, Service {
    private let url: String
    private let timeout: Duration
    private let client: HTTPClient

    /// - Parameters:
    ///   - url: of `http` or `https`; see ``isValid(_:)``.
    ///   - timeout: for the whole exchange.
    package init(url: String, timeout: Duration = .seconds(30)) {
        self.url = url
        self.timeout = timeout
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Whether the text is a URL that can be posted to.
    package static func isValid(_ url: String) -> Bool {
        guard let parts = URLComponents(string: url) else { return false }
        return ["http", "https"].contains(parts.scheme?.lowercased()) && parts.host?.isEmpty == false
            && parts.fragment == nil
    }

    package func run() async throws {
        try? await gracefulShutdown()
        try await close()
    }

    /// Closes the connections, where it does not run as a service.
    package func close() async throws { try await client.shutdown() }

    /// - Throws: ``WebhookFailure``.
    package func send(_ message: NotificationMessage) async throws {
        let notification = message.notification
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Idempotency-Key", value: notification.id)
        request.headers.add(name: "webhook-id", value: notification.id)
        request.headers.add(name: "User-Agent", value: "invoices")
        request.body = .bytes(ByteBuffer(bytes: try EventPayload(encoding: Body(message)).bytes))
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: TimeAmount(timeout))
        } catch {
            try Task.checkCancellation()
            throw WebhookFailure(category: .transient, reason: "cannot be reached: \(error)")
        }
        // What it says beside the status does not matter, and what is not read closes the connection.
        switch response.status.code {
        case 200...299: return
        case 408, 425, 429, 500...599:
            throw WebhookFailure(category: .transient, reason: "answered with \(response.status)")
        default:
            throw WebhookFailure(category: .validation, reason: "answered with \(response.status)")
        }
    }

    private struct Body: Encodable {
        let id: String
        let template: NotificationTemplate
        let language: NotificationLanguage
        let recipient: String?
        let subject: String
        let text: String
        let html: String
        let values: NotificationValues

        init(_ message: NotificationMessage) {
            let notification = message.notification
            id = notification.id
            template = notification.template
            language = notification.language
            recipient = notification.recipient
            subject = message.subject
            text = message.text
            html = message.html
            values = notification.values
        }
    }
}

/// A webhook did not take a notification. The URL is not repeated: it can hold a secret.
package struct WebhookFailure: CategorizedError, CustomStringConvertible {
    package let category: ErrorCategory
    package let reason: String

    package var description: String { "the notification webhook \(reason)" }
}
