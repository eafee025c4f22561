/// Sends notifications: by mail, to a webhook, to the log.
package protocol Notifier: Sendable {
    /// Sends a notification once. It can be called again for one that was sent, after a crash: the receiver has to be given
    /// the notification's id, so that it can ignore a repetition.
    ///
    /// - Throws: errors with a category: transient ones are tried again, others are not.
    func send(_ message: NotificationMessage) async throws
}

/// Makes the texts of notifications.
package protocol NotificationRendering: Sendable {
    func render(_ notification: InvoiceNotification) throws -> NotificationMessage
}

/// A notification with its texts.
package struct NotificationMessage: Hashable, Sendable {
    package let notification: InvoiceNotification
    /// On one line.
    package let subject: String
    package let text: String
    /// A page, with everything escaped that somebody has written.
    package let html: String

    package init(_ notification: InvoiceNotification, subject: String, text: String, html: String) {
        self.notification = notification
        self.subject = subject
        self.text = text
        self.html = html
    }
}
