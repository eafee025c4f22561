import ArgumentParser
import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import Webhooks

/// `invoices webhooks`
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "See which systems outside are sent events by HTTP, and how that goes, and intervene.",
        discussion: AdministrationHelp.discussion,
        subcommands: [
            List.self, Show.self, Create.self, Delete.self, Enable.self, Disable.self, RotateSecret.self, Test.self,
            Deliveries.self, Replay.self,
        ])
}

/// Which webhook a command is about.
struct WebhookOptions: ParsableArguments {
    @Argument(help: "The id of the webhook.")
    var webhook: String

    @OptionGroup var owner: WebhookOwnerOptions

    func validate() throws {
        guard UUID(text: webhook) != nil else { throw ValidationError("the id of a webhook is a UUID") }
    }
}

/// Whose webhooks a command is about.
struct WebhookOwnerOptions: ParsableArguments {
    @Option(help: "The tenant whose webhooks these are (TENANT).")
    var tenant: String?
}

extension Administration {
    func tenant(_ options: WebhookOwnerOptions) throws -> TenantID {
        try options.tenant.map { try TenantID($0) } ?? configuration.tenant
    }

    /// Does something with the webhooks.
    func webhooks<Answer>(_ body: (PostgresWebhookStore) async throws -> Answer) async throws -> Answer {
        try await databases.eventStore.explaining { try await body(PostgresWebhookStore($0)) }
    }

    /// - Throws: ``Failure`` that names those that there are, when it is none of them.
    func webhook(_ options: WebhookOptions) async throws -> WebhookEndpoint {
        let tenant = try tenant(options.owner)
        let all = try await webhooks {
            try await $0.webhooks(of: tenant, after: nil, limit: WebhookLimits.endpoints)
        }
        guard let found = all.first(where: { $0.id.text == options.webhook.lowercased() }) else {
            throw Failure.unknown("webhook", options.webhook, known: all.map(\.id.text))
        }
        return found
    }

    /// Changes a webhook; retries when another request changed it first. A change without effect is not written.
    func change(
        _ options: WebhookOptions, _ change: (inout WebhookEndpoint) -> Void
    ) async throws -> WebhookEndpoint {
        while true {
            var webhook = try await webhook(options)
            let present = webhook
            change(&webhook)
            if webhook == present { return present }
            do {
                let changed = webhook
                return try await webhooks { try await $0.save(changed) }
            } catch is WebhookChanged {}
        }
    }
}

extension WebhooksCommand {
    /// `invoices webhooks list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "One line for each webhook: is it enabled, does it fail?")

        @OptionGroup var owner: WebhookOwnerOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let tenant = try administration.tenant(owner)
                let all = try await administration.webhooks {
                    try await $0.webhooks(of: tenant, after: nil, limit: WebhookLimits.endpoints)
                }
                let reports = WebhookReports(webhooks: all.map { WebhookReport($0) })
                try options.show(reports) { reports.list }
            }
        }
    }

    /// `invoices webhooks show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Everything about one webhook, and how many events wait for it.")

        @OptionGroup var webhook: WebhookOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let webhook = try await administration.webhook(webhook)
                let info = try await administration.subscriptions { try await $0.info(webhook.subscriptionID) }
                let reports = WebhookReports(webhooks: [WebhookReport(webhook, info)])
                try options.show(reports) { reports.details }
            }
        }
    }

    /// `invoices webhooks deliveries`
    struct Deliveries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "deliveries", abstract: "The attempts of the last 30 days, the latest first.")

        @OptionGroup var webhook: WebhookOptions

        @Option(help: "The most attempts to print.")
        var limit = 50

        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
        }

        func run() async throws {
            try await options.administer { administration in
                let webhook = try await administration.webhook(webhook)
                let found = try await administration.webhooks {
                    try await $0.deliveries(of: webhook.id, tenant: webhook.tenant, before: nil, limit: limit)
                }
                let report = WebhookDeliveriesReport(webhook: webhook.id.text, found)
                try options.show(report) { report.text }
            }
        }
    }
}
