import ArgumentParser
import EventSourcing
import EventSourcingPostgres

/// `invoices outbox`
struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "See what leaves the service for queues and webhooks, and intervene.",
        discussion: """
            The log of events is the outbox. Each sink, "queue.NAME" or "webhook.ID", has a position in it, and a relay \
            that brings the events there. An event is pending, published or failed.

            \(AdministrationHelp.discussion)
            """,
        subcommands: [List.self, Status.self, Failed.self, Retry.self, Skip.self])

    /// What the names of sinks begin with.
    static let kindsOfSinks = ["queue.", "webhook."]
}

/// Which sink a command is about.
struct SinkOptions: ParsableArguments {
    @Argument(help: "The name of the sink, such as queue.notification.")
    var sink: String

    @Option(help: "The tenant whose sink it is (TENANT).")
    var tenant: String?
}

extension Administration {
    /// - Throws: ``Failure`` that names the sinks that there are, when it is none of them.
    func sink(_ options: SinkOptions) async throws -> SubscriptionInfo {
        let all = try await sinks()
        let tenant = options.tenant ?? configuration.tenant.rawValue
        let named = all.filter { $0.id.name == options.sink }
        guard let found = named.first(where: { ($0.id.tenant?.rawValue ?? tenant) == tenant }) else {
            throw Failure.unknown("sink", options.sink, known: all.map(\.id.description))
        }
        return found
    }

    /// The subscriptions that bring events out of the service. `invoices subscriptions` shows the others too, such as those
    /// of process managers.
    func sinks() async throws -> [SubscriptionInfo] {
        try await subscriptions { try await $0.subscriptions() }.filter { info in
            OutboxCommand.kindsOfSinks.contains { info.id.name.hasPrefix($0) }
        }
    }

    /// How a sink is doing.
    func report(on sink: SubscriptionInfo) async throws -> SinkReport {
        let oldest = try await subscriptions { try await $0.records(.pending, of: sink.id, after: .start, limit: 1) }
        return SinkReport(sink, oldest: oldest.first)
    }
}

extension OutboxCommand {
    /// `invoices outbox list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "One line for each sink: does it get its events, how many wait, how many failed?")

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                var sinks: [SinkReport] = []
                for sink in try await administration.sinks() {
                    sinks.append(try await administration.report(on: sink))
                }
                let report = OutboxReport(sinks: sinks)
                try options.show(report) { report.list }
            }
        }
    }

    /// `invoices outbox status`
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Everything about one sink: what waits since when, what failed and why, who brings it there.",
            discussion: """
                Whether a sink can be reached is told by the service that brings events there: see /health/ready and its \
                log.
                """)

        @OptionGroup var sink: SinkOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let report = OutboxReport(
                    sinks: [try await administration.report(on: try await administration.sink(sink))])
                try options.show(report) { report.details }
            }
        }
    }

    /// `invoices outbox failed`
    struct Failed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "failed", abstract: "The events that could not be sent to a sink, and why.",
            discussion: """
                The later events of the same stream wait behind a failed one. Mend the cause, then send it again with \
                "retry", or give it up with "skip".
                """)

        @OptionGroup var sink: SinkOptions

        @Option(help: "Begin behind this position of the log.")
        var after: Int64 = 0

        @Option(help: "The most events to print.")
        var limit = 100

        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
        }

        func run() async throws {
            try await options.administer { administration in
                let id = try await administration.sink(sink).id
                let found = try await administration.subscriptions {
                    try await $0.records(.failed, of: id, after: Position(after), limit: limit + 1)
                }
                let report = FailedRecordsReport(
                    sink: id.name, events: found.prefix(limit).map(OutboxRecordReport.init),
                    hasMore: found.count > limit)
                try options.show(report) { report.text }
            }
        }
    }
}
