import ArgumentParser
import EventSourcing
import EventSourcingPostgres

extension ProjectionsCommand {
    /// `invoices projections heal`
    struct Heal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "heal", abstract: "Set a projection going again whose event store was restored or replaced.",
            discussion: """
                A projection stops when the event store is no longer the one that it has read: restored from a backup, \
                failed over with loss, or another one in the same place. Says what is wrong and what it would do, asks, \
                and moves the checkpoints in one transaction. The service goes on by itself within seconds. Where the \
                rows show events that are lost, it changes nothing, and "rebuild" is what helps.
                """)

        @Argument(help: "The name of the projection.")
        var projection: String

        @OptionGroup var confirmation: ConfirmationOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                _ = try await administration.projection(projection)
                let plan = try await administration.healing { try await $0.plan(for: projection) }
                guard let cause = plan.cause else {
                    return try options.show(Done(done: "nothing", name: projection)) {
                        "Projection \(projection) is well: its event store is the one that it has read."
                    }
                }
                guard plan.remedy != .rebuild else {
                    throw Failure(
                        .data,
                        """
                        \(cause.finding); \(ProjectionNeedsRebuild(projection)): \
                        invoices projections rebuild \(projection); nothing was changed
                        """)
                }
                try confirmation.confirm("\(cause.finding). \(plan.explanation)", "Heal it?")
                do {
                    try await administration.healing { try await $0.heal(plan) }
                } catch is CheckpointMoved {
                    throw Failure(
                        .unavailable,
                        "somebody else has changed projection \(projection) meanwhile; nothing was changed, try again")
                }
                try options.show(Done(done: "healed", name: projection)) { "Projection \(projection) is healed." }
            }
        }
    }
}

extension Administration {
    /// Does something about projections whose event store was replaced, truncated or forked.
    fileprivate func healing<Answer>(
        _ body: (PostgresProjectionHealing) async throws -> Answer
    ) async throws -> Answer {
        try await databases.readDatabase.explaining { readDatabase in
            try await databases.eventStore.explaining { eventStore in
                let store = PostgresEventStore(eventStore, appended: PositionSignal())
                return try await body(PostgresProjectionHealing(reading: store, in: readDatabase))
            }
        }
    }
}

extension ProjectionHealingPlan {
    fileprivate var explanation: String {
        switch remedy {
        case .none: "Nothing is to be done."
        case .adopt:
            "Every event that was applied is in this event store too: the rows stay, and the projection goes on in it."
        case .rewind(let checkpoint):
            "Both logs are the same up to \(checkpoint.position): what follows there is applied again."
        case .rebuild: "It has to be built anew."
        }
    }
}
