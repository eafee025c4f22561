public import FoundationEssentials

/// The key that an endpoint's deliveries are signed with, in the form of Standard Webhooks: `whsec_` and base64.
public struct WebhookSecret: Hashable, Sendable {
    /// The key's bytes, 24 to 64.
    public let bytes: [UInt8]

    private static let prefix = "whsec_"
    private static let sizes = 24...64

    /// A new secret of 32 random bytes.
    public static func random() -> WebhookSecret {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// A new secret of 32 random bytes.
    public static func random(using generator: inout some RandomNumberGenerator) -> WebhookSecret {
        WebhookSecret(bytes: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the form that ``text`` has; nil for any other text.
    public init?(text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))), Self.sizes.contains(bytes.count)
        else { return nil }
        self.bytes = Array(bytes)
    }

    /// The secret in plain, for the receiver: `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`. It belongs into no log.
    public var text: String { Self.prefix + Data(bytes).base64EncodedString() }
}

/// Never shows the key.
extension WebhookSecret: CustomStringConvertible, CustomReflectable {
    /// Never the secret.
    public var description: String { "whsec_…" }
    /// Empty: the secret does not show in a dump.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The secrets of an endpoint: the current one and, for a time after a rotation, the one before.
public struct WebhookSecrets: Hashable, Sendable {
    /// The one that is valid until it is replaced.
    public let current: WebhookSecret
    /// The secret before the last rotation, and when it stops being used.
    public let previous: Previous?

    /// A secret that was replaced, and is valid for a while.
    public struct Previous: Hashable, Sendable {
        /// The secret before the present one.
        public let secret: WebhookSecret
        /// Until when requests are signed with it, too.
        public let expiry: Date
    }

    /// One secret, and none before it.
    public init(current: WebhookSecret) {
        self.current = current
        previous = nil
    }

    package init(current: WebhookSecret, previous: WebhookSecret, until expiry: Date) {
        self.current = current
        self.previous = Previous(secret: previous, expiry: expiry)
    }

    /// Those that sign a delivery at a time, the current one first.
    public func active(at now: Date) -> [WebhookSecret] {
        guard let previous, previous.expiry > now else { return [current] }
        return [current, previous.secret]
    }
}
