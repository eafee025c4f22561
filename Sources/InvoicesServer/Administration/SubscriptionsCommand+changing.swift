import ArgumentParser
import EventSourcing
import EventSourcingPostgres

/// Which parked messages a command is about.
struct SelectionOptions: ParsableArguments {
    @Flag(help: "All that failed (the parked messages of the group).")
    var all = false

    @Option(help: "Those of this stream that failed.")
    var stream: String?

    @Option(help: "The one that failed at this position of the log.")
    var position: Int64?

    func validate() throws {
        guard [all, stream != nil, position != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("say which messages: --all, --stream or --position")
        }
    }

    /// - Throws: `InvalidName` for what cannot be a stream.
    func selection() throws -> ParkedSelection {
        if let stream { return .stream(try StreamName(stream)) }
        return position.map { .message(Position($0)) } ?? .all
    }
}

extension SubscriptionsCommand {
    /// `invoices subscriptions replay`
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay",
            abstract: "Give parked messages back to the consumers, with all attempts before them.")

        @OptionGroup var group: SubscriptionOptions
        @OptionGroup var selected: SelectionOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let id = try await administration.subscription(group).id
                let selection = try selected.selection()
                let count = try await administration.subscriptions { try await $0.replay(selection, in: id) }
                try options.show(Done(done: "replayed", name: id.description, count: count)) {
                    "Messages that come back, with those that waited behind them: \(count)"
                }
            }
        }
    }

    /// `invoices subscriptions skip`
    struct Skip: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "skip", abstract: "Give parked messages up; those that waited behind them come back.",
            discussion: "No consumer will ever handle them; the event store keeps the events. Asks before it does that."
        )

        @OptionGroup var group: SubscriptionOptions
        @OptionGroup var selected: SelectionOptions
        @OptionGroup var confirmation: ConfirmationOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let info = try await administration.subscription(group)
                let selection = try selected.selection()
                let what =
                    switch selection {
                    case .all: "any of its \(info.parked) parked messages"
                    case .stream(let stream): "the parked messages of stream \(stream)"
                    case .message(let position): "the parked message \(position)"
                    }
                try confirmation.confirm("Subscription \(info.id) will never handle \(what).", "Skip?")
                let count = try await administration.subscriptions { try await $0.skip(selection, in: info.id) }
                try options.show(Done(done: "skipped", name: info.id.description, count: count)) {
                    "Messages that were skipped: \(count)"
                }
            }
        }
    }

    /// `invoices subscriptions reset`
    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset", abstract: "Move the group to another place in the log, back or forth.",
            discussion: """
                Behind the place every event is handed out again, whether it was handled or not. Events before it that were \
                not handed out yet never are; those that are unsettled or parked stay so. Asks before it does that.
                """)

        @OptionGroup var group: SubscriptionOptions

        @Option(help: "Begin behind this position of the log; 0 is its beginning.")
        var after: Int64?

        @Flag(help: "Begin with the events that are appended from now on.")
        var end = false

        @OptionGroup var confirmation: ConfirmationOptions
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard (after != nil) != end else { throw ValidationError("say where to begin: --after or --end") }
            guard after ?? 0 >= 0 else { throw ValidationError("--after is a position of the log: 0 or more") }
        }

        func run() async throws {
            try await options.administer { administration in
                let info = try await administration.subscription(group)
                let place = after.map { "behind position \($0)" } ?? "with the next event"
                try confirmation.confirm(
                    "Subscription \(info.id) is at position \(info.readPosition), and will begin \(place).", "Reset?")
                let start = after.map { SubscriptionStart.after(Position($0)) } ?? .end
                let position = try await administration.subscriptions { try await $0.reset(info.id, to: start) }
                try options.show(Done(done: "reset", name: info.id.description)) {
                    "Subscription \(info.id) goes on behind position \(position)."
                }
            }
        }
    }

    /// `invoices subscriptions stop`
    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stop", abstract: "Hand out nothing more to the group, until it is resumed.")

        @OptionGroup var group: SubscriptionOptions

        @Option(help: "Why; \"status\" shows it.")
        var reason: String

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let id = try await administration.subscription(group).id
                try await administration.subscriptions { try await $0.stop(id, reason: reason) }
                try options.show(Done(done: "stopped", name: id.description)) { "Subscription \(id) stands." }
            }
        }
    }

    /// `invoices subscriptions resume`
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "Let a stopped group go on from where it was.")

        @OptionGroup var group: SubscriptionOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let id = try await administration.subscription(group).id
                try await administration.subscriptions { try await $0.resume(id) }
                try options.show(Done(done: "resumed", name: id.description)) { "Subscription \(id) goes on." }
            }
        }
    }
}
