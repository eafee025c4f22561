import EventSourcing
import HTTPConventions

/// The rules for the text that tells people what a webhook is.
package enum WebhookDescription {
    /// In code points.
    package static let longest = 256

    /// What to send instead of a text that breaks the rules.
    package static let expectation = "Send at most \(longest) characters on one line."

    /// Whether the text can be read on one line: it has no control characters, no separators of lines, and no controls of
    /// direction that reach beyond it. It may be empty.
    package static func isGood(_ text: String) -> Bool {
        text.unicodeScalars.count <= longest
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar.value {
                case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: false
                default: true
                }
            }
    }
}

extension MemberFormat where Value == String {
    static let webhookDescription = text(
        WebhookDescription.expectation, else: .invalidText, written: \.self,
        read: { WebhookDescription.isGood($0) ? $0 : nil })
}
