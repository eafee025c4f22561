/// The address of an endpoint, in one spelling: `https://example.com:8443/hooks?tenant=1`.
///
/// Only what every parser of URLs reads in the same way is taken, so that the host that is checked is the host that is
/// connected to: visible ASCII without a backslash, no user information, no fragment, a host of letters, digits, hyphens and
/// dots, IPv4 addresses as four decimal numbers, IPv6 addresses in brackets.
public struct WebhookURL: Hashable, Sendable, CustomStringConvertible {
    /// How requests travel.
    public enum Scheme: String, Hashable, Sendable {
        case http, https
    }

    /// What is named before the port.
    public enum Host: Hashable, Sendable {
        /// In lower case, without a dot at the end.
        case name(String)
        case address(NetworkAddress)
    }

    /// How requests travel.
    public let scheme: Scheme
    /// Where they go: a name, or an address.
    public let host: Host
    /// Nil for the scheme's own.
    public let port: Int?
    /// Path and query, beginning with a slash.
    public let target: String

    /// The most bytes of an address.
    public static let longest = 2048

    /// - Throws: ``InvalidName`` that says what is wrong.
    public init(_ text: String) throws(InvalidName) {
        func refuse(_ rule: String) -> InvalidName {
            // A password in the address stays out of errors and logs.
            InvalidName(kind: "webhook URL", value: text.contains("@") ? "…" : text, rule: rule)
        }
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }) else {
            throw refuse("use at most \(Self.longest) visible ASCII characters without a backslash")
        }
        guard let colon = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased())
        else { throw refuse("use an address that begins with https://") }
        let rest = text[colon.upperBound...]
        guard !rest.contains("#") else { throw refuse("leave out the part after #, which is never sent") }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw refuse("leave out user name and password") }
        let (host, port) = try Self.split(authority, refuse)
        self.scheme = scheme
        self.host = host
        self.port = port
        let target = rest[authority.endIndex...]
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
    }

    private static func split(
        _ authority: Substring, _ refuse: (String) -> InvalidName
    ) throws(InvalidName) -> (Host, Int?) {
        let hostEnd = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map(authority.index(after:)) : nil
        let end = hostEnd ?? authority.firstIndex(of: ":") ?? authority.endIndex
        let (host, rest) = (authority[..<end], authority[end...])
        var port: Int?
        if !rest.isEmpty {
            guard rest.first == ":", rest.dropFirst().utf8.allSatisfy(\.isDigit), let number = Int(rest.dropFirst()),
                (1...65_535).contains(number)
            else { throw refuse("use a port from 1 to 65535") }
            port = number
        }
        if host.hasPrefix("[") {
            guard let address = NetworkAddress(ipv6: String(host.dropFirst().dropLast())) else {
                throw refuse("the brackets hold no IPv6 address")
            }
            return (.address(address), port)
        }
        let name = (host.hasSuffix(".") ? host.dropLast() : host).lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else {
            throw refuse("use a host name of letters, digits, hyphens and dots, or an IP address")
        }
        // What ends with a number is an address to many parsers, in one of many spellings (WHATWG URL, 3.5).
        if let last = labels.last, last.utf8.allSatisfy(\.isDigit) || last.hasPrefix("0x") {
            guard let address = NetworkAddress(ipv4: name) else {
                throw refuse("write an IPv4 address as four decimal numbers, such as 192.0.2.1")
            }
            return (.address(address), port)
        }
        return (.name(name), port)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy {
                $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    /// As it is sent to: scheme, host, port and path.
    public var description: String { "\(scheme.rawValue)://\(authority)\(target)" }

    /// Host and port as the address has them.
    public var authority: String {
        let host =
            switch host {
            case .name(let name): name
            case .address(let address): address.isIPv6 ? "[\(address)]" : "\(address)"
            }
        return port.map { "\(host):\($0)" } ?? host
    }
}
