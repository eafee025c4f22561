import AsyncHTTPClient
public import EventSourcing
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends one message to one endpoint: a signed `POST` of a CloudEvent, as Standard Webhooks has it.
public struct WebhookSender: WebhookTester {
    let configuration: WebhookConfiguration

    /// Makes a sender, whose connections are its own.
    public init(_ configuration: WebhookConfiguration) { self.configuration = configuration }

    /// Sends the event of a test by a connection of its own.
    public func test(_ endpoint: WebhookEndpoint) async -> WebhookDelivery {
        let now = configuration.clock.now()
        let message = WebhookMessage(testing: endpoint, id: .v7(at: now), source: configuration.source, at: now)
        let connection = WebhookConnection(configuration)
        _ = await connection.prepare(for: endpoint.url)
        let answer = await send(message, to: endpoint, attempt: 1, by: connection)
        await connection.close()
        return answer.delivery
    }

    /// What became of an attempt.
    struct Attempt: Sendable {
        let delivery: WebhookDelivery
        /// The endpoint answered 410: it is gone permanently.
        var isGone = false
        /// How long the endpoint wants to be left alone.
        var retryAfter: Duration?
    }

    /// - Parameter connection: is prepared.
    func send(
        _ message: WebhookMessage, to endpoint: WebhookEndpoint, attempt: Int, by connection: WebhookConnection
    ) async -> Attempt {
        let (at, start) = (configuration.clock.now(), ContinuousClock.now)
        func ended(
            _ outcome: WebhookDelivery.Outcome, isGone: Bool = false, retryAfter: Duration? = nil
        ) -> Attempt {
            Attempt(
                delivery: WebhookDelivery(
                    id: .v7(at: at), endpoint: endpoint.id, event: message.id, type: message.type,
                    position: message.position, attempt: attempt, at: at, duration: start.duration(to: .now),
                    outcome: outcome), isGone: isGone, retryAfter: retryAfter)
        }
        do {
            let answer = try await answer(to: request(message, to: endpoint, at: at), by: connection.client)
            let asksForPause = answer.status == .tooManyRequests || answer.status == .serviceUnavailable
            return ended(
                answer.outcome, isGone: answer.status == .gone,
                retryAfter: asksForPause
                    ? answer.retryAfter.flatMap { RetryAfter.duration($0, at: configuration.clock.now()) } : nil)
        } catch {
            if error.isOfConnecting { connection.failedToConnect() }
            return ended(.failed(reason: SendingFailure.text(of: error, timeout: configuration.timeout), status: nil))
        }
    }

    func request(_ message: WebhookMessage, to endpoint: WebhookEndpoint, at now: Date) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: endpoint.url.description)
        let (id, timestamp) = (message.id.text, Int64(now.timeIntervalSince1970))
        request.method = .POST
        request.headers = [
            "content-type": CloudEvent.contentType, "user-agent": "Webhooks/1.0",
            StandardWebhooks.idHeader: id, StandardWebhooks.timestampHeader: "\(timestamp)",
            StandardWebhooks.signatureHeader: StandardWebhooks.signature(
                of: message.body, id: id, timestamp: timestamp, by: endpoint.secrets.active(at: now)),
        ]
        if let traceparent = message.traceparent { request.headers.add(name: "traceparent", value: traceparent) }
        request.body = .bytes(ByteBuffer(bytes: message.body))
        return request
    }

    private struct Answer: Sendable {
        let status: HTTPResponseStatus
        let retryAfter: String?
        let outcome: WebhookDelivery.Outcome
    }

    private func answer(to request: HTTPClientRequest, by client: HTTPClient) async throws -> Answer {
        let response = try await client.execute(request, timeout: TimeAmount(configuration.timeout))
        let status = response.status
        let isDelivered = (200..<300).contains(status.code)
        // The status decides; a body that is too long, breaks off or does not end changes nothing of it.
        let body = await beginning(of: response.body)
        return Answer(
            status: status, retryAfter: response.headers.first(name: "retry-after"),
            outcome: isDelivered
                ? .delivered(status: Int(status.code))
                : .failed(reason: Self.reason(status, body), status: Int(status.code)))
    }

    /// As much of a body as arrives soon, up to the bound.
    private func beginning(of body: HTTPClientResponse.Body) async -> ByteBuffer {
        await withTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { [configuration] in
                var read = ByteBuffer()
                do {
                    for try await part in body {
                        read.writeImmutableBuffer(part)
                        if read.readableBytes >= configuration.answerSize { break }
                    }
                } catch {}
                return read.readSlice(length: min(read.readableBytes, configuration.answerSize))
            }
            group.addTask { [configuration] in
                try? await Task.sleep(for: min(configuration.timeout, .seconds(5)))
                return nil
            }
            // Whichever ends first, the other one is cancelled, and reading returns what it has.
            var found = ByteBuffer()
            for await read in group {
                group.cancelAll()
                if let read { found = read }
            }
            return found
        }
    }

    /// The status, and the beginning of what the endpoint says about it.
    private static func reason(_ status: HTTPResponseStatus, _ body: ByteBuffer) -> String {
        if (300..<400).contains(status.code) {
            return "\(status.code): redirects are not followed, change the URL of the webhook"
        }
        let excerpt = String(buffer: body).prefix(200)
            .map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? " " : $0 }
        return excerpt.isEmpty ? "\(status.code)" : "\(status.code): \(String(excerpt))"
    }
}

extension Error {
    /// Whether no connection was made.
    fileprivate var isOfConnecting: Bool {
        (self as? HTTPClientError) == .connectTimeout || self is NIOConnectionError || self is IOError
    }
}
