import ArgumentParser
import EventSourcing
import EventSourcingPostgres

/// What a command has done: its document, and the same in a sentence.
struct Done: Encodable {
    let done: String
    let name: String
    /// The streams that it was done to, where it was done to streams.
    var streams: [String]?
    /// The position of the event that it was done to, or how many messages, where it was done to such.
    var position: Int64?
    var count: Int?
}

extension ProjectionsCommand {
    /// `invoices projections pause`
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Have a projection apply nothing until it is resumed.",
            discussion: """
                The service goes on, and what it shows stays as it is: a write waits five seconds to be shown, and its \
                answer then has the header Reads-Behind. Nothing is lost: "resume" lets the projection catch up.
                """)

        @Argument(help: "The name of the projection.")
        var projection: String

        @Option(help: "Why; \"status\" shows it.")
        var reason: String

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                _ = try await administration.projection(projection)
                try await administration.projections { try await $0.pause(projection, reason: reason) }
                try options.show(Done(done: "paused", name: projection)) {
                    "Projection \(projection) is paused. To let it go on: invoices projections resume \(projection)"
                }
            }
        }
    }

    /// `invoices projections resume`
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "Let a paused projection go on from where it was.")

        @Argument(help: "The name of the projection.")
        var projection: String

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                _ = try await administration.projection(projection)
                try await administration.projections { try await $0.resume(projection) }
                try options.show(Done(done: "resumed", name: projection)) { "Projection \(projection) goes on." }
            }
        }
    }

    /// `invoices projections retry`
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Have the parked events of streams tried again, in order.",
            discussion: """
                The process that runs the projection does it at once; what fails again stays parked. See how it went \
                with "parked".
                """)

        @Argument(help: "The name of the projection.")
        var projection: String

        @Argument(help: "The names of the streams, as \"parked\" prints them.")
        var streams: [String] = []

        @Flag(help: "All parked streams.")
        var all = false

        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard streams.isEmpty == all else { throw ValidationError("name the streams, or say --all") }
        }

        func run() async throws {
            try await options.administer { administration in
                let named = try streams.map { try StreamName($0) }
                var parked: [StreamName] = []
                var seen: Set<StreamName> = []
                try await administration.forEachParkedEvent(of: projection) { event in
                    if event.skip == nil, seen.insert(event.stream).inserted { parked.append(event.stream) }
                    return true
                }
                if let stray = named.first(where: { !seen.contains($0) }) {
                    throw Failure(.notFound, "\(StreamNotParked(stray, in: projection)); nothing was changed")
                }
                let chosen = all ? parked : named
                for stream in chosen {
                    try await administration.projections { try await $0.retry(stream, in: projection) }
                }
                try options.show(Done(done: "retry", name: projection, streams: chosen.map(\.rawValue))) {
                    chosen.isEmpty
                        ? "Projection \(projection) has parked no events."
                        : "To be tried again: \(chosen.map(\.rawValue).joined(separator: ", "))"
                }
            }
        }
    }

    /// `invoices projections skip`
    struct Skip: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "skip", abstract: "Give the first parked event of a stream up, and go on behind it.",
            discussion: """
                The read model will never see this event, until it is rebuilt: what it shows of the stream can be wrong \
                from here on. The event store keeps the event. Asks before it does that.
                """)

        @Argument(help: "The name of the projection.")
        var projection: String

        @Argument(help: "The name of the stream, as \"parked\" prints it.")
        var stream: String

        @Option(help: "Why; it is kept with the event.")
        var reason: String

        @OptionGroup var confirmation: ConfirmationOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let stream = try StreamName(stream)
                var first: ParkedEventStatus?
                try await administration.forEachParkedEvent(of: projection) { event in
                    if event.stream == stream, event.skip == nil { first = event }
                    return first == nil
                }
                guard let first else { throw Failure(.notFound, "\(StreamNotParked(stream, in: projection))") }
                try confirmation.confirm(
                    """
                    Projection \(projection) will never apply event \(first.position) (\(first.type)) of stream \
                    \(stream), which failed with: \(first.reason ?? "nothing yet").
                    """, "Skip it?")
                let skipped = try await administration.projections {
                    try await $0.skip(firstOf: stream, in: projection, reason: reason)
                }
                try options.show(
                    Done(
                        done: "skipped", name: projection, streams: [stream.rawValue], position: skipped.rawValue)
                ) { "Event \(skipped) is skipped, and what waited behind it is to be tried again." }
            }
        }
    }
}
