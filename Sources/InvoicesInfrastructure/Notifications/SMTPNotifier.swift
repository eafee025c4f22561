package import EventSourcing
package import FoundationEssentials
package import InvoicesApplication
package import SMTP

/// Sends notifications by mail. A mail's `Message-ID` is made of the notification's id, so that a mailbox that has the mail
/// already can tell a repetition.
package struct SMTPNotifier: Notifier {
    private let client: SMTPClient
    private let sender: MailAddress
    private let now: @Sendable () -> Date

    package init(_ client: SMTPClient, from sender: MailAddress, now: @escaping @Sendable () -> Date = { Date() }) {
        self.client = client
        self.sender = sender
        self.now = now
    }

    /// - Throws: ``MailNotSent``; ``NoRecipient``.
    package func send(_ message: NotificationMessage) async throws {
        let notification = message.notification
        guard let recipient = notification.recipient.flatMap({ MailAddress($0) }) else {
            throw NoRecipient(notification: notification.id)
        }
        do {
            try await client.send(
                Mail(
                    id: notification.id, from: sender, to: recipient, subject: message.subject, text: message.text,
                    html: message.html, language: notification.language.rawValue, date: now()))
        } catch let error as SMTPError {
            throw MailNotSent(error: error)
        }
    }
}

/// The notification has no recipient.
package struct NoRecipient: CategorizedError, CustomStringConvertible {
    package let notification: String

    package var category: ErrorCategory { .validation }

    package var description: String { "notification \(notification) has no recipient: set NOTIFICATION_EMAIL_TO" }
}

/// A mail was not sent, or is not known to be.
package struct MailNotSent: CategorizedError, CustomStringConvertible {
    package let error: SMTPError

    package var category: ErrorCategory { error.isPermanent ? .validation : .transient }

    package var description: String { error.description }
}
