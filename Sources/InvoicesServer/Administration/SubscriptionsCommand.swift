import ArgumentParser
import EventSourcing
import EventSourcingPostgres

/// `invoices subscriptions`
struct SubscriptionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscriptions",
        abstract: "See how the groups of consumers keep up with the event store, and intervene.",
        discussion: AdministrationHelp.discussion,
        subcommands: [
            List.self, Status.self, Parked.self, Replay.self, Skip.self, Stop.self, Resume.self, Reset.self,
        ])
}

/// Which group a command is about.
struct SubscriptionOptions: ParsableArguments {
    @Argument(help: "The name of the subscription.")
    var subscription: String

    @Option(help: "The tenant whose group it is; leave it out for one that receives the events of all tenants.")
    var tenant: String?
}

extension Administration {
    /// - Throws: ``Failure`` that names those that there are, when it is none of them.
    func subscription(_ options: SubscriptionOptions) async throws -> SubscriptionInfo {
        let all = try await subscriptions { try await $0.subscriptions() }
        let found = all.first {
            $0.id.name == options.subscription && $0.id.tenant?.rawValue == options.tenant
        }
        guard let found else {
            throw Failure.unknown(
                "subscription", options.tenant.map { "\(options.subscription) of \($0)" } ?? options.subscription,
                known: all.map(\.id.description))
        }
        return found
    }
}

extension SubscriptionsCommand {
    /// `invoices subscriptions list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "One line for each group: does it run, how far behind is it?")

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let all = try await administration.subscriptions { try await $0.subscriptions() }
                let reports = SubscriptionReports(subscriptions: all.map(SubscriptionReport.init))
                try options.show(reports) { reports.list }
            }
        }
    }

    /// `invoices subscriptions status`
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Everything about one group: what is in flight, waits, is parked, and who consumes.")

        @OptionGroup var group: SubscriptionOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let reports = SubscriptionReports(
                    subscriptions: [SubscriptionReport(try await administration.subscription(group))])
                try options.show(reports) { reports.details }
            }
        }
    }

    /// `invoices subscriptions parked`
    struct Parked: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "parked", abstract: "The messages that were put aside, those that wait behind them, and why.",
            discussion: """
                A message that fails too often is parked; the later ones of its stream wait behind it. Mend the cause, \
                then give it back to the consumers with "replay", or give it up with "skip".
                """)

        @OptionGroup var group: SubscriptionOptions

        @Option(help: "Begin behind this position of the log.")
        var after: Int64 = 0

        @Option(help: "The most messages to print.")
        var limit = 100

        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
        }

        func run() async throws {
            try await options.administer { administration in
                let id = try await administration.subscription(group).id
                let found = try await administration.subscriptions {
                    try await $0.parked(in: id, after: Position(after), limit: limit + 1)
                }
                let report = ParkedMessagesReport(
                    subscription: id.description, messages: found.prefix(limit).map(ParkedMessagesReport.Message.init),
                    hasMore: found.count > limit)
                try options.show(report) { report.text }
            }
        }
    }
}
