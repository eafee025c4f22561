import Crypto
public import EventSourcing
import FoundationEssentials

/// The headers by which a receiver knows that a delivery is ours, and new: Standard Webhooks 1.0.0 (standardwebhooks.com).
public enum StandardWebhooks {
    /// Names the message: the same for each attempt, so that a receiver handles it once.
    public static let idHeader = "webhook-id"
    /// When it was signed, in seconds since 1970.
    public static let timestampHeader = "webhook-timestamp"
    /// `v1,` and the base64 of the HMAC-SHA256 over `<id>.<timestamp>.<body>`; several of them separated by spaces.
    public static let signatureHeader = "webhook-signature"

    /// The value of the signature's header.
    ///
    /// - Parameter secrets: each signs. During a rotation a receiver verifies with the old one or the new one.
    public static func signature(
        of body: [UInt8], id: String, timestamp: Int64, by secrets: [WebhookSecret]
    ) -> String {
        let content = Array("\(id).\(timestamp).".utf8) + body
        return secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: secret.bytes))
            return "v1," + Data(code).base64EncodedString()
        }.joined(separator: " ")
    }
}
