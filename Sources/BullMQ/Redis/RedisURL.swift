/// Where Redis is, and as whom to sign in.
///
/// `redis://[user][:password]@host[:port][/database]`, `rediss://…` for TLS, `unix:///path/of/socket[?db=0]`. Reserved
/// characters in the user and the password are percent-encoded (RFC 3986).
public struct RedisURL: Hashable, Sendable, CustomStringConvertible {
    /// Where a server listens.
    public enum Address: Hashable, Sendable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    /// Where the server listens.
    public var address: Address
    /// Whether the connection is encrypted (`rediss:`).
    public var usesTLS = false
    /// The user of an access control list; nil for the default one.
    public var user: String?
    /// It never shows in the description.
    public var password: String?
    /// The number of the database.
    public var database = 0

    /// A server without a password, in database 0.
    public init(_ address: Address) { self.address = address }

    /// - Throws: ``RedisError`` of ``RedisError/Code/invalidConfiguration``, with one line that says what is wrong. It does
    ///   not repeat the URL, which may hold a password.
    public init(_ text: String) throws {
        guard let end = text.firstRange(of: "://") else {
            throw Self.invalid("it must begin with redis://, rediss:// or unix://")
        }
        var rest = text[end.upperBound...]
        let query = rest.firstIndex(of: "?").map { rest[rest.index(after: $0)...] }
        rest = rest.prefix { $0 != "?" }
        switch text[..<end.lowerBound] {
        case "redis", "rediss":
            if query != nil { throw Self.invalid("redis:// takes no parameters after a ?") }
            let slash = rest.firstIndex(of: "/")
            self.init(try Self.address(rest[..<(slash ?? rest.endIndex)]))
            (user, password) = try Self.credentials(rest[..<(slash ?? rest.endIndex)])
            usesTLS = text.hasPrefix("rediss")
            if let slash { database = try Self.database(rest[rest.index(after: slash)...]) }
        case "unix", "redis+unix":
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            guard let path = percentDecoded(rest[slash...]), path.count > 1 else {
                throw Self.invalid("unix:// needs the absolute path of a socket, as in unix:///run/redis.sock")
            }
            guard path.utf8.count <= 107 else { throw Self.invalid("the path of a socket has at most 107 bytes") }
            self.init(.unix(path: path))
            (user, password) = try Self.credentials(rest[..<slash])
            if let query {
                guard query.hasPrefix("db=") else { throw Self.invalid("the only parameter is db, as in ?db=0") }
                database = try Self.database(query.dropFirst(3))
            }
        default: throw Self.invalid("it must begin with redis://, rediss:// or unix://")
        }
    }

    /// The URL without the password.
    public var description: String {
        let name = user.map { "\($0)@" } ?? ""
        return switch address {
        case .tcp(let host, let port):
            "\(usesTLS ? "rediss" : "redis")://\(name)\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path): "unix://\(name)\(path)?db=\(database)"
        }
    }
}

extension RedisURL: CustomReflectable {
    /// Without the password.
    public var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}

// MARK: - Parts

extension RedisURL {
    private static func invalid(_ reason: String) -> RedisError {
        RedisError(
            .invalidConfiguration,
            "the Redis URL is broken: \(reason). Write redis://[user][:password]@host:port/database")
    }

    private static func address(_ authority: Substring) throws -> Address {
        let host = authority[(authority.lastIndex(of: "@").map(authority.index(after:)) ?? authority.startIndex)...]
        var name = host
        var port: Substring?
        if host.hasPrefix("[") {
            guard let bracket = host.firstIndex(of: "]") else { throw invalid("a [ has no ]") }
            name = host[host.index(after: host.startIndex)..<bracket]
            let after = host[host.index(after: bracket)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw invalid("only a port can follow the ]") }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = host.firstIndex(of: ":") {
            name = host[..<colon]
            port = host[host.index(after: colon)...]
        }
        guard !name.isEmpty else { throw invalid("the host is missing") }
        guard let number = port.map({ Int($0) }) ?? 6_379, (1...65_535).contains(number) else {
            throw invalid("the port must be a number from 1 to 65535")
        }
        return .tcp(host: String(name), port: number)
    }

    private static func credentials(_ authority: Substring) throws -> (user: String?, password: String?) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, nil) }
        let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map(percentDecoded)
        guard !parts.contains(nil) else {
            throw invalid("a % in the user or the password is not followed by two digits")
        }
        let texts = parts.map { $0.flatMap { $0.isEmpty ? nil : $0 } }
        guard texts.count == 2, texts[1] != nil else {
            throw invalid("the part before the @ must be user:password or :password")
        }
        return (texts[0], texts[1])
    }

    private static func database(_ text: Substring) throws -> Int {
        if text.isEmpty { return 0 }
        guard let number = Int(text), number >= 0, number < 1 << 31 else {
            throw invalid("the database must be a number, 0 or more")
        }
        return number
    }
}

/// The text with each `%` and two hexadecimal digits replaced by that byte (RFC 3986 section 2.1); nil when a `%` has none.
private func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard rest.count >= 2, let decoded = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
        bytes.append(decoded)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}
