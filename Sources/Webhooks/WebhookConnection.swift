import AsyncHTTPClient
import EventSourcing
import Synchronization

/// The client of one endpoint. Its host is resolved again from time to time, when its URL has changed, and after a
/// connection could not be made.
final class WebhookConnection: Sendable {
    private struct State {
        var client: PinnedClient?
        /// The address that could not be connected to.
        var failed: NetworkAddress?
        /// Why there is no client.
        var error: any Error = CancellationError()
    }

    private let settings: WebhookConfiguration
    private let state = Mutex(State())
    private static let maxAge = Duration.seconds(30)

    init(_ settings: WebhookConfiguration) { self.settings = settings }

    /// Makes sure of a client for the URL, or of the reason why there is none. Nothing may be under way.
    ///
    /// - Returns: whether there is a client.
    func prepare(for url: WebhookURL) async -> Bool {
        let (known, failed) = state.withLock { ($0.client, $0.failed) }
        if let known, known.host == url.host, failed == nil, known.resolvedAt.duration(to: .now) < Self.maxAge {
            return true
        }
        let addresses: [NetworkAddress]
        do {
            addresses = try await PinnedClient.addresses(of: url, settings)
        } catch {
            await close()
            state.withLock { $0.error = error }
            return false
        }
        // The connections that there are stay, as long as their address is one of the host's.
        if let known, known.host == url.host, failed == nil, addresses.contains(known.address) {
            state.withLock { $0.client?.resolvedAt = .now }
            return true
        }
        let next = failed.flatMap(addresses.firstIndex(of:)).map { ($0 + 1) % addresses.count } ?? 0
        let fresh = PinnedClient(host: url.host, at: addresses[next], settings)
        state.withLock { $0 = State(client: fresh) }
        await known?.shutdown()
        return true
    }

    /// - Throws: ``RefusedAddress``, or what the resolver has thrown, when there is no client.
    var client: HTTPClient {
        get throws {
            try state.withLock { state in
                guard let client = state.client else { throw state.error }
                return client.client
            }
        }
    }

    /// The address could not be connected to.
    func failedToConnect() { state.withLock { $0.failed = $0.client?.address } }

    func close() async {
        let client = state.withLock { state in
            defer { state.client = nil }
            return state.client
        }
        await client?.shutdown()
    }
}
