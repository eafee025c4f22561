import ArgumentParser
import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesDomain
import InvoicesPresentation
import Webhooks

extension WebhooksCommand {
    /// `invoices webhooks create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Have events sent to an address from now on. Prints the secret, once.")

        @Argument(help: "Where to, such as https://example.com/hooks.")
        var url: String

        @Option(
            name: .customLong("event"),
            help:
                "A type of events, or the beginning of one with .* behind it; all of invoices unless it is given. Repeatable."
        )
        var events: [String] = []

        @Option(help: "For people: what it is.")
        var description = ""

        @OptionGroup var owner: WebhookOwnerOptions
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard WebhookDescription.isGood(description) else {
                throw ValidationError(
                    "--description is at most \(WebhookDescription.longest) characters on one line, without control characters"
                )
            }
        }

        func run() async throws {
            try await options.administer { administration in
                let url = try WebhookURL(url)
                if let refusal = administration.configuration.webhooks.policy.refusal(of: url) {
                    throw Failure(
                        .usage, "\(url): \(refusal) (WEBHOOKS_ALLOW_PRIVATE_NETWORKS=yes allows private networks)")
                }
                let types = try events.isEmpty ? WebhookEventTypes.ofInvoices : WebhookEventTypes(ofInvoices: events)
                try Self.requireKnown(types)
                let now = Date()
                let webhook = WebhookEndpoint(
                    id: .v7(at: now), tenant: try administration.tenant(owner), url: url,
                    description: description, types: types, secret: .random(), createdAt: now)
                try await administration.webhooks { try await $0.create(webhook) }
                let report = WebhookReport(webhook, secret: webhook.secrets.current)
                try options.show(report) { report.details }
            }
        }

        private static func requireKnown(_ types: WebhookEventTypes) throws {
            let known = InvoiceEvent.Name.allCases.map(\.rawValue)
            for pattern in types.patterns where !known.contains(where: WebhookEventTypes(stored: [pattern]).matches) {
                throw Failure.unknown("event type", pattern, known: known)
            }
        }
    }

    /// `invoices webhooks delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Send nothing more to a webhook, and forget what waits for it.",
            discussion: "Asks before it does that.")

        @OptionGroup var webhook: WebhookOptions
        @OptionGroup var confirmation: ConfirmationOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let webhook = try await administration.webhook(webhook)
                try confirmation.confirm(
                    "The webhook \(webhook.id.text) to \(webhook.url) will get nothing more, not even what waits for it.",
                    "Delete?")
                try await administration.webhooks { try await $0.delete(webhook.id, of: webhook.tenant) }
                try options.show(Done(done: "deleted", name: webhook.id.text)) { "It is deleted." }
            }
        }
    }

    /// `invoices webhooks enable`
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Send what waits for a webhook, with all attempts.")

        @OptionGroup var webhook: WebhookOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let changed = try await administration.change(webhook) { $0.enable() }
                try options.show(Done(done: "enabled", name: changed.id.text)) {
                    "Webhook \(changed.id.text) is enabled."
                }
            }
        }
    }

    /// `invoices webhooks disable`
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Send nothing to a webhook until it is enabled; events wait for it.")

        @OptionGroup var webhook: WebhookOptions

        @Option(help: "Why; \"show\" tells it.")
        var reason: String

        @OptionGroup var options: AdministrationOptions

        func validate() throws { _ = try checkedReason() }

        private func checkedReason() throws -> String {
            guard let reason = Reason(reason) else {
                throw ValidationError(
                    "--reason is 1 to \(Reason.longest) characters on one line, without control characters")
            }
            return reason.rawValue
        }

        func run() async throws {
            try await options.administer { administration in
                let (reason, now) = (try checkedReason(), Date())
                let changed = try await administration.change(webhook) { $0.disable(because: reason, at: now) }
                try options.show(Done(done: "disabled", name: changed.id.text)) {
                    "Webhook \(changed.id.text) is disabled; events wait for it."
                }
            }
        }
    }

    /// `invoices webhooks rotate-secret`
    struct RotateSecret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-secret", abstract: "Sign with a new secret from now on. Prints it, once.")

        @OptionGroup var webhook: WebhookOptions

        @Option(help: "For how many hours the old secret signs as well, 0 to 168.")
        var keepHours = 24

        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard (0...168).contains(keepHours) else { throw ValidationError("--keep-hours is 0 to 168") }
        }

        func run() async throws {
            try await options.administer { administration in
                let (secret, expiry) = (WebhookSecret.random(), Date().addingTimeInterval(Double(keepHours) * 3_600))
                let changed = try await administration.change(webhook) {
                    $0.rotate(to: secret, keepingPreviousUntil: expiry)
                }
                let report = WebhookReport(changed, secret: secret)
                try options.show(report) { report.details }
            }
        }
    }

    /// `invoices webhooks test`
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Send an event of no meaning at once, and tell what comes of it.",
            discussion: "Exits with 1 when it is not delivered.")

        @OptionGroup var webhook: WebhookOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let webhook = try await administration.webhook(webhook)
                let delivery = await WebhookSender(administration.configuration.webhooks).test(webhook)
                try await administration.webhooks { _ = try await $0.record([delivery], of: webhook.id) }
                let report = WebhookDeliveriesReport(webhook: webhook.id.text, [delivery])
                try options.show(report) { report.text }
                if !delivery.isDelivered { throw ExitCode.failure }
            }
        }
    }

    /// `invoices webhooks replay`
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay", abstract: "Send events to a webhook again.")

        @OptionGroup var webhook: WebhookOptions

        @Option(help: "Everything behind this position of the log; 0 for all that there is.")
        var after: Int64?

        @Option(help: "Everything that was recorded after this time (RFC 3339).")
        var since: String?

        @Option(help: "The event with this id.")
        var event: String?

        @OptionGroup var options: AdministrationOptions

        func validate() throws { _ = try selection() }

        private func selection() throws -> WebhookReplay {
            switch (after, since, event) {
            case (let position?, nil, nil) where position >= 0: return .after(Position(position))
            case (nil, let text?, nil):
                guard let time = RFC3339.date(from: text) else {
                    throw ValidationError("--since is a time such as 2026-11-21T09:30:00Z")
                }
                return .since(time)
            case (nil, nil, let text?):
                guard let id = UUID(text: text) else { throw ValidationError("--event is the UUID of an event") }
                return .event(id)
            default: throw ValidationError("say which events: --after (0 or more), --since or --event")
            }
        }

        func run() async throws {
            try await options.administer { administration in
                let webhook = try await administration.webhook(webhook)
                let selection = try selection()
                let position = try await administration.webhooks {
                    try await $0.replay(selection, to: webhook.id, of: webhook.tenant)
                }
                try options.show(Done(done: "replayed", name: webhook.id.text, position: position.rawValue)) {
                    event == nil
                        ? "What is behind position \(position) is sent again."
                        : "The event at position \(position) is sent again."
                }
            }
        }
    }
}
