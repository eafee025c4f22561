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
    /// When the address was last found to be one of the host's.
    var resolvedAt: ContinuousClock.Instant

    /// - Parameter address: was checked.
    init(host: WebhookURL.Host, at address: NetworkAddress, _ settings: WebhookConfiguration) {
        self.host = host
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

    /// The addresses of an endpoint's host, every one of them checked.
    ///
    /// - Throws: ``RefusedAddress``; what the resolver throws.
    static func addresses(of url: WebhookURL, _ settings: WebhookConfiguration) async throws -> [NetworkAddress] {
        if let refusal = settings.policy.refusal(of: url) { throw RefusedAddress(reason: refusal) }
        let addresses: [NetworkAddress]
        switch url.host {
        case .address(let address): addresses = [address]
        case .name(let name): addresses = try await settings.resolver.addresses(of: name)
        }
        for address in addresses {
            if let refusal = settings.policy.refusal(of: address) { throw RefusedAddress(reason: refusal) }
        }
        return addresses
    }
}

/// The endpoint is where the service must not connect to.
struct RefusedAddress: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the address is refused: \(reason)" }
}
