import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

/// Takes notifications by HTTP, and counts how often each came.
///
/// It acts on the first of each `Idempotency-Key`, as a receiver has to: what comes again after a crash of the sender,
/// between sending and recording that, has the same key.
final class NotificationReceiver: Sendable {
    private let received = Mutex<[String: Int]>([:])

    /// How often each key came.
    var counts: [String: Int] { received.withLock { $0 } }

    /// Runs `body` with a receiver and its URL.
    static func running(_ body: @escaping @Sendable (NotificationReceiver, String) async throws -> Void) async throws {
        let receiver = NotificationReceiver()
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.post("/") { request, _ -> HTTPResponse.Status in
            guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name] else {
                return .badRequest
            }
            receiver.received.withLock { $0[key, default: 0] += 1 }
            return .noContent
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            let services = ServiceGroup(services: [application], logger: .init(label: "receiver"))
            group.addTask { try await services.run() }
            defer { group.cancelAll() }
            for await port in ports {
                try await body(receiver, "http://127.0.0.1:\(port)/")
                break
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }
}
