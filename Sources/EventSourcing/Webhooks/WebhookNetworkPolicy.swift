/// Which hosts endpoints may have, so that nobody uses the service to reach what is behind its firewall (server-side request
/// forgery).
///
/// An address is checked twice: as it is written, and each time a name was resolved; a connection goes to the very address
/// that was checked.
public enum WebhookNetworkPolicy: Hashable, Sendable {
    /// Addresses of the public Internet, by https alone.
    case publicInternet
    /// Those of private networks and of this machine as well, and http. For development, and for receivers inside.
    case privateNetworks

    /// Why an address is not connected to; nil when it may be.
    public func refusal(of address: NetworkAddress) -> String? {
        let found = Self.special.first { address.isIn($0.network) }
        if let found {
            if found.isPrivate, self == .privateNetworks { return nil }
            return "\(address) is \(found.name): only addresses of the public Internet are allowed"
        }
        // What IANA has not assigned to global unicast, such as IPv4 addresses inside IPv6 ones and NAT64.
        guard address.isIPv6, !address.isIn(Self.globalUnicast) else { return nil }
        return "\(address) is not a global unicast address: only addresses of the public Internet are allowed"
    }

    /// Why an endpoint may not have this URL, as far as the URL itself says it; nil when it may.
    public func refusal(of url: WebhookURL) -> String? {
        if url.scheme == .http, self != .privateNetworks { return "use https: what is sent by http is open to anybody" }
        switch url.host {
        case .address(let address): return refusal(of: address)
        case .name(let name):
            guard name == "localhost" || name.hasSuffix(".localhost"), self != .privateNetworks else { return nil }
            return "\(name) is this machine: only addresses of the public Internet are allowed"
        }
    }

    private struct Special: Sendable {
        let network: NetworkAddress.Network
        let name: String
        let isPrivate: Bool

        init(_ network: String, _ name: String, isPrivate: Bool = false) {
            self.network = NetworkAddress.Network(network)
            self.name = name
            self.isPrivate = isPrivate
        }
    }

    private static let globalUnicast = NetworkAddress.Network("2000::/3")

    /// The special-purpose address registries of IANA (RFC 6890), as of 2026.
    private static let special: [Special] = [
        Special("127.0.0.0/8", "a loopback address", isPrivate: true),
        Special("10.0.0.0/8", "an address of a private network", isPrivate: true),
        Special("172.16.0.0/12", "an address of a private network", isPrivate: true),
        Special("192.168.0.0/16", "an address of a private network", isPrivate: true),
        Special("100.64.0.0/10", "an address behind carrier-grade NAT", isPrivate: true),
        Special("169.254.0.0/16", "a link-local address"),
        Special("0.0.0.0/8", "an unspecified address"),
        Special("192.0.0.0/24", "a reserved address"),
        Special("192.0.2.0/24", "an address for documentation"),
        Special("198.51.100.0/24", "an address for documentation"),
        Special("203.0.113.0/24", "an address for documentation"),
        Special("192.88.99.0/24", "a reserved address"),
        Special("198.18.0.0/15", "an address for benchmarks"),
        Special("224.0.0.0/4", "a multicast address"),
        Special("240.0.0.0/4", "a reserved address"),
        Special("::1/128", "a loopback address", isPrivate: true),
        Special("fc00::/7", "an address of a private network", isPrivate: true),
        Special("fe80::/10", "a link-local address"),
        Special("ff00::/8", "a multicast address"),
        Special("2001::/23", "a reserved address"),
        Special("2001:db8::/32", "an address for documentation"),
        Special("3fff::/20", "an address for documentation"),
        Special("2002::/16", "a 6to4 address"),
    ]
}
