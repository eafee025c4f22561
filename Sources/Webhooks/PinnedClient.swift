import AsyncHTTPClient
import EventSourcing
import FoundationEssentials
import NIOCore
import NIOPosix

/// An HTTP client whose connections to a host go to one of its addresses, which was checked before.
///
/// The name is not resolved again for a connection: async-http-client takes the address from `dnsOverride`, and keeps the
/// name for the `Host` header, for SNI and for the verification of the certificate. So a name that resolves to another
/// address a moment later (DNS rebinding) leads nowhere else.
struct PinnedClient: Sendable {
    let client: HTTPClient
    let host: WebhookURL.Host
    /// Where it connects to.
    let address: NetworkAddress
    /// All addresses of the host as they were resolved.
    let addresses: [NetworkAddress]
    let resolvedAt: ContinuousClock.Instant

    init(
        host: WebhookURL.Host, addresses: [NetworkAddress], preferring address: NetworkAddress,
        _ settings: WebhookConfiguration
    ) {
        self.host = host
        self.addresses = addresses
        self.address = address
        resolvedAt = .now
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(settings.connectTimeout)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.concurrency
        if case .name(let name) = host { configuration.dnsOverride = [name: "\(address)"] }
        client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }

    func shutdown() async { try? await client.shutdown() }

    /// Resolves the host of an endpoint, checks every address, and makes a client for one of them.
    ///
    /// - Parameter failed: an address that could not be connected to; the next one is taken, if there is one.
    /// - Throws: ``RefusedAddress``; what the resolver throws.
    static func make(
        for url: WebhookURL, afterFailureOf failed: NetworkAddress? = nil, _ settings: WebhookConfiguration
    ) async throws -> PinnedClient {
        if let refusal = settings.policy.refusal(of: url) { throw RefusedAddress(reason: refusal) }
        let addresses: [NetworkAddress]
        switch url.host {
        case .address(let address): addresses = [address]
        case .name(let name): addresses = try await settings.resolver.addresses(of: name)
        }
        for address in addresses {
            if let refusal = settings.policy.refusal(of: address) { throw RefusedAddress(reason: refusal) }
        }
        let next = failed.flatMap(addresses.firstIndex(of:)).map { ($0 + 1) % addresses.count } ?? 0
        return PinnedClient(host: url.host, addresses: addresses, preferring: addresses[next], settings)
    }
}

/// The endpoint is where the service must not connect to.
struct RefusedAddress: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the address is refused: \(reason)" }
}
