/// What went wrong with Redis.
public struct RedisError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: Hashable, Sendable {
        /// There is no connection; nothing was sent.
        case unavailable
        /// The connection was lost, or no reply came in time, after the command was sent: it may or may not have run.
        case outcomeUnknown
        /// Too many commands wait for replies; nothing was sent.
        case overloaded
        /// Redis is at its `maxmemory` and takes no writes (`OOM`).
        case outOfMemory
        /// Redis is a replica and takes no writes (`READONLY`), or became one while a command blocked (`UNBLOCKED`).
        case readOnly
        /// Redis still reads its data from disk (`LOADING`), or runs a long script (`BUSY`).
        case loading
        /// Redis takes no writes because it cannot save them, or lacks replicas (`MISCONF`, `NOREPLICAS`).
        case persistenceFailed
        /// A wrong password, or a user that may not do this (`WRONGPASS`, `NOAUTH`, `NOPERM`).
        case accessDenied
        /// A script failed, or Redis refused it.
        case scriptFailed
        /// Any other error reply, and a reply of an unexpected shape.
        case rejected
        /// What was received is not Redis's protocol.
        case protocolViolation
        /// The client was closed.
        case closed
        /// The URL or a certificate file cannot be used.
        case invalidConfiguration
    }

    /// What went wrong.
    public let code: Code
    /// One line, without secrets.
    public let message: String

    /// For errors that are not a reply of Redis.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Redis's own words, or those of this client.
    public var description: String { message }

    /// Whether the same command may succeed later without a change of the program or its settings.
    public var isTransient: Bool {
        switch code {
        case .unavailable, .outcomeUnknown, .overloaded, .outOfMemory, .readOnly, .loading, .persistenceFailed: true
        case .accessDenied, .scriptFailed, .rejected, .protocolViolation, .closed, .invalidConfiguration: false
        }
    }
}

extension RedisError {
    /// An error reply.
    init(reply: String) {
        let word = reply.prefix { $0 != " " }
        if let code = Self.codes[String(word)] {
            self.init(code, "Redis: \(reply)")
        } else if reply.contains("@user_script") || reply.contains("user_script:") {
            // Redis 6 wraps the error of a command in a script.
            let cause = Self.codes.first { reply.contains("-\($0.key) ") }
            self.init(cause?.value ?? .scriptFailed, "Redis: \(reply)")
        } else if word == "NOSCRIPT" || reply.hasPrefix("ERR Error compiling script") {
            self.init(.scriptFailed, "Redis: \(reply)")
        } else {
            self.init(.rejected, "Redis: \(reply)")
        }
    }

    private static let codes: [String: Code] = [
        "OOM": .outOfMemory, "READONLY": .readOnly, "UNBLOCKED": .readOnly, "LOADING": .loading, "BUSY": .loading,
        "MASTERDOWN": .loading, "TRYAGAIN": .loading, "CLUSTERDOWN": .loading, "MISCONF": .persistenceFailed,
        "NOREPLICAS": .persistenceFailed, "WRONGPASS": .accessDenied, "NOAUTH": .accessDenied,
        "NOPERM": .accessDenied,
    ]

    /// A reply that the caller does not expect.
    static func unexpectedReply(to command: String) -> RedisError {
        RedisError(.rejected, "Redis answered \(command) in an unexpected form; is it Redis 6.2 or later?")
    }
}
