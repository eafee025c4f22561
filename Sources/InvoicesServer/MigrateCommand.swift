import ArgumentParser
import Logging

/// `invoices migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring both databases up to date and exit.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await reportingFailures {
            let configuration = try await options.read()
            try await withLogger(configuration.makeLogger()) { logger in
                try await Databases.withRunning(configuration, logger: logger) { databases in
                    for database in databases.all {
                        let applied = try await database.migrate()
                        for migration in applied {
                            print("\(database.name): applied \(migration)")
                        }
                        if applied.isEmpty { print("\(database.name): up to date") }
                    }
                }
            }
        }
    }
}
