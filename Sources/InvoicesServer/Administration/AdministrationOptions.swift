import ArgumentParser
import Configuration
import EventSourcing
import Logging

/// What every command of an administrator understands.
struct AdministrationOptions: ParsableArguments {
    @Flag(help: "Print one JSON document, for scripts.")
    var json = false

    @Option(help: "trace, debug, info, notice, warning, error or critical (LOG_LEVEL).")
    var logLevel: String?

    @Option(help: "Where the private servers live (DATA_DIRECTORY).")
    var dataDirectory: String?

    /// Runs `body` on the databases that the service uses; what goes wrong ends the program as everywhere.
    func administer(_ body: (Administration) async throws -> Void) async throws {
        try await reportingFailures {
            let configuration = try await ServerConfiguration.read([
                "log.level": logLevel, "data.directory": dataDirectory,
            ])
            let logger = configuration.makeLogger()
            try await withLogger(logger) { logger in
                try await Databases.withRunning(configuration, for: .administration, logger: logger) { databases in
                    do {
                        try await body(Administration(databases: databases, configuration: configuration))
                    } catch let error as any CategorizedError where error.category == .validation {
                        throw Failure(.usage, "\(error)")
                    }
                }
            }
        }
    }

    /// Prints a document as JSON, or as the text that says the same.
    func show(_ document: some Encodable, or text: () -> String) throws {
        print(json ? try JSONDocument.text(of: document) : text())
    }
}

/// How every command of an administrator is to be used.
enum AdministrationHelp {
    static let discussion = """
        Settings are those of the service: the environment and the file .env. Start the command in the service's folder, \
        and it works on the same databases, whether the service runs or not.

        Exit codes: 0 done, 1 answered with no or not finished, 64 wrong use or nobody there to confirm, 65 wrong schema, \
        66 no such name, 69 database not available, 78 wrong setting.
        """
}
