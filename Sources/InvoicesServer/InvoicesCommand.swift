import ArgumentParser

/// The program `invoices`.
@main
struct InvoicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoices",
        abstract: "An invoices service: event sourced, on two PostgreSQL databases.",
        discussion: """
            Settings are read from the command line, from the environment and from the file .env, in this order; \
            .env.example names every one. Without any, the service starts two private PostgreSQL clusters and a private \
            Redis under .data, and listens on http://127.0.0.1:3001.
            """,
        subcommands: [
            ServeCommand.self, WorkerCommand.self, MigrateCommand.self, ProjectionsCommand.self,
            SubscriptionsCommand.self,
            OutboxCommand.self, WebhooksCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)
}
