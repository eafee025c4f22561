package import InvoicesApplication
package import Logging

/// Writes notifications to the log, where they can be seen without a mail relay.
package struct LogNotifier: Notifier {
    private let logger: Logger

    package init(_ logger: Logger) { self.logger = logger }

    package func send(_ message: NotificationMessage) async throws {
        let notification = message.notification
        logger.notice(
            "Notification",
            metadata: [
                "notification.id": "\(notification.id)", "notification.template": "\(notification.template.rawValue)",
                "notification.recipient": "\(notification.recipient ?? "none")",
                "notification.subject": "\(message.subject)", "invoice.id": "\(notification.values.invoiceId)",
            ])
    }
}
