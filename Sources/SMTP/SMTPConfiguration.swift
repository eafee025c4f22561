import FoundationEssentials

/// Where a mail relay is, and how to talk to it.
public struct SMTPConfiguration: Sendable {
    /// The name or address of the server.
    public var host: String
    /// The port: 587 to submit, 465 with TLS from the first byte.
    public var port: Int
    /// Whether and how the connection is encrypted.
    public var security: SMTPSecurity
    /// Nil for a server without authentication.
    public var credentials: SMTPCredentials?
    /// Certificates in PEM that are trusted besides none; nil for those of the system.
    public var rootCertificateFile: String?
    /// What the client calls itself in EHLO: a domain, or an address literal.
    public var clientName = "[127.0.0.1]"
    /// The most that one mail may take, from connecting to the relay's last reply.
    public var timeout: Duration = .seconds(45)

    /// Makes a configuration with the usual time-outs.
    public init(host: String, port: Int, security: SMTPSecurity, credentials: SMTPCredentials? = nil) {
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
    }

    /// Reads `smtp://[user:password@]host[:port]`, by default port 587, or `smtps://…`, by default port 465.
    ///
    /// With `smtp` the connection is encrypted by STARTTLS when the relay offers it; it has to be when there is a password and
    /// the host is not this machine. With `smtps` it is encrypted from the start.
    ///
    /// - Throws: ``InvalidSMTPURL``, which does not repeat the URL, since it can hold a password.
    public init(url text: String) throws(InvalidSMTPURL) {
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(),
            scheme == "smtp" || scheme == "smtps"
        else { throw InvalidSMTPURL(reason: "it begins with smtp:// or smtps://") }
        guard var host = url.host, !host.isEmpty else { throw InvalidSMTPURL(reason: "it lacks a host") }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard ["", "/"].contains(url.path), url.query == nil, url.fragment == nil else {
            throw InvalidSMTPURL(reason: "nothing follows its host and port")
        }
        let port = url.port ?? (scheme == "smtps" ? 465 : 587)
        guard (1...65_535).contains(port) else { throw InvalidSMTPURL(reason: "its port is from 1 to 65535") }
        var credentials: SMTPCredentials?
        if let user = url.user, !user.isEmpty {
            guard let password = url.password, !password.isEmpty else {
                throw InvalidSMTPURL(reason: "a user has a password: smtp://user:password@host")
            }
            // A NUL would end the user's name in AUTH PLAIN.
            guard !(user + password).utf8.contains(0) else { throw InvalidSMTPURL(reason: "it has a NUL") }
            credentials = SMTPCredentials(user: user, password: password)
        }
        let isLocal = ["localhost", "127.0.0.1", "::1"].contains(host)
        let security: SMTPSecurity =
            scheme == "smtps" ? .tls : credentials != nil && !isLocal ? .startTLS : .startTLSIfOffered
        self.init(host: host, port: port, security: security, credentials: credentials)
    }
}

/// When a connection to a relay is encrypted.
public enum SMTPSecurity: Hashable, Sendable {
    /// From the start (RFC 8314, "implicit TLS").
    case tls
    /// By STARTTLS (RFC 3207). A relay that does not offer it gets no mail.
    case startTLS
    /// By STARTTLS if the relay offers it.
    case startTLSIfOffered
}

/// Who sends mail. The password is in no description and no reflection.
public struct SMTPCredentials: Sendable, CustomStringConvertible, CustomReflectable {
    /// The name to sign in with.
    public let user: String
    let password: String

    /// Takes a name and a password, which never shows.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// The name alone.
    public var description: String { user }

    /// Without the password, which does not show in a dump.
    public var customMirror: Mirror { Mirror(self, children: ["user": user]) }
}

/// What is wrong with the URL of a relay.
public struct InvalidSMTPURL: Error, Hashable, CustomStringConvertible {
    /// What is wrong, without repeating the URL.
    public let reason: String

    /// What is wrong, without repeating the URL.
    public var description: String { reason }
}
