import ArgumentParser
import EventSourcing
import EventSourcingPostgres

extension OutboxCommand {
    /// `invoices outbox retry`
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Send failed events again, with all attempts before them.")

        @OptionGroup var sink: SinkOptions
        @OptionGroup var selected: SelectionOptions

        @Flag(
            help:
                "Wait until nothing is pending any more, and show the progress. A service that serves the sink has to run."
        )
        var wait = false

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let id = try await administration.sink(sink).id
                let selection = try selected.selection()
                let count = try await administration.subscriptions { try await $0.replay(selection, in: id) }
                if wait { try await waitForRelay(of: id, administration) }
                try options.show(Done(done: "retried", name: id.name, count: count)) {
                    "Events that are sent again, with those that waited behind them: \(count)"
                }
            }
        }

        private func waitForRelay(of id: SubscriptionID, _ administration: Administration) async throws {
            let line = ProgressLine()
            defer { line.end() }
            var info = try await administration.subscriptions { try await $0.info(id) }
            let total = info.pending
            var timeout = RelayTimeout(info, at: .now)
            while info.pending > 0 {
                let done = max(total - info.pending, 0)
                line.show("\(done) of \(total)", fraction: Double(done) / Double(total), "sending")
                try await Task.sleep(for: .milliseconds(200))
                info = try await administration.subscriptions { try await $0.info(id) }
                if let reason = timeout.end(info, at: .now) {
                    line.end()
                    throw Failure(.unfinished, "sink \(id): \(reason); pending: \(info.pending)")
                }
            }
        }
    }

    /// `invoices outbox skip`
    struct Skip: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "skip", abstract: "Give failed events up; those that waited behind them are sent.",
            discussion: "They never reach the sink; the event store keeps them. Asks before it does that.")

        @OptionGroup var sink: SinkOptions
        @OptionGroup var selected: SelectionOptions
        @OptionGroup var confirmation: ConfirmationOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let info = try await administration.sink(sink)
                let selection = try selected.selection()
                let what =
                    switch selection {
                    case .all: "any of its \(info.parked) failed events"
                    case .stream(let stream): "the failed events of stream \(stream)"
                    case .message(let position): "the failed event at position \(position)"
                    }
                try confirmation.confirm("Sink \(info.id) will never get \(what).", "Skip?")
                let count = try await administration.subscriptions { try await $0.skip(selection, in: info.id) }
                try options.show(Done(done: "skipped", name: info.id.name, count: count)) {
                    "Events that were skipped: \(count)"
                }
            }
        }
    }
}
