import Configuration
import InvoicesApplication
import InvoicesInfrastructure
import SMTP

/// How notifications leave, to whom and in which language.
///
/// Configuration keys: `notifications`, `notification.language`, `notification.email.to`, `notification.email.from`,
/// `notification.webhook.url` (a secret), `smtp.url` (a secret), `smtp.root.cert`, `event.handlers`.
struct NotificationConfiguration: Sendable {
    /// Where notifications go.
    enum Channel: Sendable {
        case log
        case smtp(SMTPConfiguration, from: MailAddress)
        case webhook(url: String)
    }

    /// Where the handlers of events do their work.
    enum Handlers: String, CaseIterable, Sendable {
        /// In the process that serves.
        case synchronous
        /// In the workers of a queue.
        case queued
    }

    let channel: Channel
    let language: NotificationLanguage
    let recipient: MailAddress?
    /// Nil: in the workers of a queue if there is a Redis, else in the process that serves.
    let handlers: Handlers?

    /// - Throws: ``Failure`` that names the setting and what is expected.
    init(reading reader: ConfigReader) throws(Failure) {
        let languages = NotificationLanguage.allCases.map(\.rawValue).joined(separator: " or ")
        language = try reader.value(forKey: "notification.language", default: .english, expected: languages) {
            NotificationLanguage(rawValue: $0)
        }
        handlers = try reader.value(
            forKey: "event.handlers", default: nil, expected: "synchronous or queued, nor empty"
        ) { $0.isEmpty ? .some(nil) : Handlers(rawValue: $0).map(Optional.some) }
        let recipient = try reader.mailAddress(forKey: "notification.email.to")
        let sender = try reader.mailAddress(forKey: "notification.email.from")
        let relay = try Self.relay(reading: reader)
        let webhook = reader.string(forKey: "notification.webhook.url", isSecret: true).flatMap {
            $0.isEmpty ? nil : $0
        }
        if let webhook, !WebhookNotifier.isValid(webhook) {
            throw Failure(.configuration, "NOTIFICATION_WEBHOOK_URL: it is not an http or https URL")
        }
        let kind = try reader.value(forKey: "notifications", default: "log", expected: "log, smtp or webhook") {
            ["log", "smtp", "webhook"].contains($0) ? $0 : nil
        }
        switch kind {
        case "smtp":
            guard let relay, let sender, recipient != nil else {
                let missing = [
                    relay == nil ? "SMTP_URL" : nil, recipient == nil ? "NOTIFICATION_EMAIL_TO" : nil,
                    sender == nil ? "NOTIFICATION_EMAIL_FROM" : nil,
                ]
                throw Failure(
                    .configuration,
                    "NOTIFICATIONS: smtp also needs \(missing.compactMap(\.self).joined(separator: " and "))")
            }
            channel = .smtp(relay, from: sender)
        case "webhook":
            guard let webhook else {
                throw Failure(.configuration, "NOTIFICATIONS: webhook also needs NOTIFICATION_WEBHOOK_URL")
            }
            channel = .webhook(url: webhook)
        default: channel = .log
        }
        self.recipient = recipient
    }

    private static func relay(reading reader: ConfigReader) throws(Failure) -> SMTPConfiguration? {
        let url = reader.string(forKey: "smtp.url", isSecret: true)
        let certificate = reader.string(forKey: "smtp.root.cert").flatMap { $0.isEmpty ? nil : $0 }
        guard let url, !url.isEmpty else { return nil }
        do throws(InvalidSMTPURL) {
            var relay = try SMTPConfiguration(url: url)
            relay.rootCertificateFile = certificate
            return relay
        } catch {
            throw Failure(.configuration, "SMTP_URL: \(error); write smtp://user:password@host:587 or smtps://host:465")
        }
    }
}

extension ConfigReader {
    fileprivate func mailAddress(forKey key: ConfigKey) throws(Failure) -> MailAddress? {
        try value(
            forKey: key, default: nil, expected: "an address of mail, such as Invoices <invoices@example.com>"
        ) { $0.isEmpty ? .some(nil) : MailAddress($0).map(Optional.some) }
    }
}

extension NotificationConfiguration: CustomStringConvertible, CustomReflectable {
    /// Where notifications go, for people who start the program.
    var description: String {
        switch channel {
        case .log: "to the log"
        case .smtp(let relay, _): "by mail to \(recipient?.address ?? "nobody") through \(relay.host):\(relay.port)"
        case .webhook: "to the webhook NOTIFICATION_WEBHOOK_URL"
        }
    }

    var customMirror: Mirror { Mirror(self, children: ["channel": description]) }
}
