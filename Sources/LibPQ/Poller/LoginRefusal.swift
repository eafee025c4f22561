/// What libpq says of a failed attempt to connect: text, from which the SQLSTATE has to be picked.
///
/// With verbose errors the server's part of it reads `FATAL:  28P01: password authentication failed for user "x"` and
/// is followed by a line `LOCATION: …`.
struct LoginRefusal {
    let message: String
    let sqlState: SQLState?

    init(text: String) {
        var lines: [Substring] = []
        var state: SQLState?
        for line in text.split(separator: "\n") where !line.hasPrefix("LOCATION:") {
            guard let range = line.firstRange(of: ":  "), let candidate = Self.state(in: line[range.upperBound...])
            else {
                lines.append(line)
                continue
            }
            state = candidate
            lines.append(line[..<range.lowerBound] + ": " + line[range.upperBound...].dropFirst(7))
        }
        self.message = lines.joined(separator: "; ")
        self.sqlState = state
    }

    /// What has to be changed, as far as the text tells.
    enum Cause {
        /// Credentials, privileges or the database's name.
        case access
        /// What either side wants of TLS.
        case tls
        /// A pooler refuses what a session has to start with.
        case pooler
        /// The server takes no writes, and a session is to write.
        case readOnly
    }

    var cause: Cause? {
        if sqlState?.meaning == .access { return .access }
        if message.contains("unsupported startup parameter") { return .pooler }
        guard sqlState == nil else { return nil }
        if Self.tlsTexts.contains(where: message.contains), !message.contains("unexpected eof") { return .tls }
        return Self.readOnlyTexts.contains(where: message.contains) ? .readOnly : nil
    }

    /// Trying again cannot help, on whatever server.
    var isFinal: Bool { cause == .access || cause == .pooler }

    var code: PostgresError.Code {
        switch cause {
        case .tls: .tls
        case .readOnly: .readOnly
        case .access, .pooler, nil: .connection
        }
    }

    /// libpq's own words (fe-connect.c, fe-secure-openssl.c), which have no codes.
    private static let tlsTexts = [
        "SSL was required", "SSL negotiation", "SSL error:", "server certificate", "root certificate",
        "certificate file", "certificate present", "certificate does not match", "private key file",
        "verified SSL connection", "weak sslmode", "sslmode value",
    ]
    private static let readOnlyTexts = ["session is read-only", "server is in hot standby mode"]

    private static func state(in text: Substring) -> SQLState? {
        let candidate = text.prefix(5)
        let isState = candidate.count == 5 && candidate.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
        return isState && text.dropFirst(5).hasPrefix(": ") ? SQLState(rawValue: String(candidate)) : nil
    }
}
