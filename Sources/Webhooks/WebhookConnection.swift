import AsyncHTTPClient
import EventSourcing
import Synchronization

/// The client of one endpoint. Its host is resolved again from time to time, when its URL has changed, and after a
/// connection could not be made.
final class WebhookConnection: Sendable {
    private struct State {
        var client: PinnedClient?
        var failed: NetworkAddress?
    }

    private let settings: WebhookConfiguration
    private let state = Mutex(State())
    private static let maxAge = Duration.seconds(30)

    init(_ settings: WebhookConfiguration) { self.settings = settings }

    /// Makes sure of a client for the URL. Nothing may be under way.
    ///
    /// - Throws: ``RefusedAddress``; what the resolver throws.
    func prepare(for url: WebhookURL) async throws {
        let (known, failed) = state.withLock { ($0.client, $0.failed) }
        if let known, known.host == url.host, failed == nil, known.resolvedAt.duration(to: .now) < Self.maxAge {
            return
        }
        let fresh: PinnedClient
        do {
            fresh = try await PinnedClient.make(for: url, afterFailureOf: failed, settings)
        } catch {
            await close()
            throw error
        }
        // The connections that there are stay, as long as their address is one of the host's.
        if let known, known.host == url.host, failed == nil, fresh.addresses.contains(known.address) {
            await fresh.shutdown()
            let kept = PinnedClient(known, resolvedAt: fresh.resolvedAt)
            state.withLock { $0.client = kept }
            return
        }
        state.withLock { $0 = State(client: fresh) }
        await known?.shutdown()
    }

    var client: HTTPClient? { state.withLock { $0.client?.client } }

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

extension PinnedClient {
    /// The same client, whose address was found again.
    fileprivate init(_ other: PinnedClient, resolvedAt: ContinuousClock.Instant) {
        client = other.client
        host = other.host
        address = other.address
        addresses = other.addresses
        self.resolvedAt = resolvedAt
    }
}
