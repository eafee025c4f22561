import ArgumentParser
import EventSourcing
import EventSourcingPostgres
import Logging
import Pipelines
import UnixSignals

extension ProjectionsCommand {
    /// `invoices projections rebuild`
    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rebuild", abstract: "Build a projection anew beside the old version, compare, and switch.",
            discussion: """
                The service goes on with the old version meanwhile, and with the new one by itself. Both are compared by \
                row count and checksum at the same position; when they differ, nothing is switched unless you say \
                --accept-differences, which is right when the program has changed. The old version is kept until \
                "drop-previous". Whatever interrupts the command, the same command goes on where it was; say --restart \
                when the program has changed since. Consumers of subscriptions, such as those that send mail, never see \
                a rebuild.
                """)

        @Argument(help: "The name of the projection.")
        var projection: String

        @Flag(help: "Begin anew, whatever an interrupted rebuild has left.")
        var restart = false

        @Flag(help: "Switch also when the new version differs from the old one.")
        var acceptDifferences = false

        @Flag(help: "Throw away what an interrupted rebuild has left, and do nothing else.")
        var cancel = false

        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard !cancel || !(restart || acceptDifferences) else { throw ValidationError("--cancel stands alone") }
        }

        func run() async throws {
            try await options.administer { administration in
                try await administration.rebuilding(projection) { rebuild in
                    guard !cancel else {
                        try await rebuild.discard()
                        return try options.show(Done(done: "cancelled", name: projection)) {
                            "The rebuild of projection \(projection) is thrown away."
                        }
                    }
                    let outcome = try await build(rebuild)
                    let report = RebuildReport(projection, outcome)
                    try options.show(report) { report.text }
                    if !outcome.isSwitched { throw ExitCode.failure }
                }
            }
        }

        private func build(_ rebuild: PostgresProjectionRebuild) async throws -> ProjectionRebuildOutcome {
            let line = ProgressLine()
            defer { line.end() }
            do {
                return try await untilSignalled { [restart = restart, acceptsDifferences = acceptDifferences] in
                    try await rebuild.run(restarting: restart, acceptingDifferences: acceptsDifferences) {
                        line.show($0)
                    }
                }
            } catch is Signalled {
                line.end()
                Terminal.say(
                    """
                    Interrupted. To go on where it was: invoices projections rebuild \(projection)
                    To throw it away: invoices projections rebuild \(projection) --cancel

                    """)
                throw ExitCode.failure
            }
        }
    }

    /// `invoices projections drop-previous`
    struct DropPrevious: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop-previous", abstract: "Drop the version of a projection that a rebuild has replaced.",
            discussion: "The version in use stays. Asks before it does that; a next rebuild waits for it.")

        @Argument(help: "The name of the projection.")
        var projection: String

        @OptionGroup var confirmation: ConfirmationOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                try await administration.rebuilding(projection) { rebuild in
                    try confirmation.confirm(
                        "The tables of projection \(projection) before its last rebuild will be gone.", "Drop them?")
                    try await rebuild.dropPrevious()
                    try options.show(Done(done: "dropped", name: projection)) {
                        "The previous version of projection \(projection) is dropped."
                    }
                }
            }
        }
    }
}

extension Administration {
    /// Does something about the rebuild of a projection.
    fileprivate func rebuilding(
        _ name: String, _ body: (PostgresProjectionRebuild) async throws -> Void
    ) async throws {
        _ = try await projection(name)
        try await databases.readDatabase.explaining { readDatabase in
            try await databases.eventStore.explaining { eventStore in
                let store = PostgresEventStore(eventStore, appended: PositionSignal())
                let projections = InvoicesPipeline.invoices(configuration)
                    .postgresProjections(in: readDatabase, reading: store)
                guard let target = projections.first(where: { $0.name == name }) else {
                    throw Failure.unknown("projection of this program", name, known: projections.map(\.name))
                }
                let rebuild = PostgresProjectionRebuild(of: target, reading: store, logger: .current)
                do {
                    try await body(rebuild)
                } catch let error as ProjectionRebuildRefused {
                    throw Failure(
                        error.category.reaction == .retry ? .unavailable : .usage, "\(error)\(error.nextCommand)")
                } catch let error as ProjectionRebuildUncertain {
                    throw Failure(.unavailable, "\(error): invoices projections rebuild \(name)")
                } catch let error as ProjectionStopped {
                    throw Failure(
                        .data,
                        """
                        \(error), while the new version was filled; nothing was switched. When that is mended, begin anew: \
                        invoices projections rebuild \(name) --restart
                        """)
                } catch is CheckpointMoved {
                    throw Failure(
                        .unavailable,
                        "somebody else has changed projection \(name) meanwhile; nothing was switched, try again")
                }
            }
        }
    }
}

extension ProjectionRebuildRefused {
    /// What to type.
    fileprivate var nextCommand: String {
        switch reason {
        case .previousIsKept: ": invoices projections drop-previous \(projection)"
        case .tablesChanged, .partitionsChanged, .setBack:
            ": invoices projections rebuild \(projection) --restart"
        case .needsHealing: ": invoices projections heal \(projection)"
        case .paused:
            ": invoices projections resume \(PostgresProjectionRebuild.name(for: projection))"
        default: ""
        }
    }
}

/// SIGINT or SIGTERM has come.
private struct Signalled: Error {}

/// Runs `body`, and cancels it when the program is asked to end; what it has brought to an end nevertheless is its answer.
private func untilSignalled<Answer: Sendable>(
    _ body: @escaping @Sendable () async throws -> Answer
) async throws -> Answer {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: Answer?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            for await _ in signals { break }
            return nil
        }
        defer { group.cancelAll() }
        if let answer = try await group.next()! { return answer }
        group.cancelAll()
        do {
            if let answer = try await group.next()! { return answer }
        } catch let error as ProjectionRebuildUncertain {
            throw error
        } catch {
            // Whatever the cancellation has broken off.
        }
        throw Signalled()
    }
}
