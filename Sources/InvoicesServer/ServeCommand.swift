import ArgumentParser
import Logging
import ServiceLifecycle
import UnixSignals

/// `invoices serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Bring both databases up to date and serve the API until SIGTERM or SIGINT.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await reportingFailures {
            let configuration = try await options.read()
            let logger = configuration.makeLogger()
            let service = InvoicesService(configuration: configuration, logger: logger)
            try await withLogger(logger) { logger in
                try await ServiceGroup(
                    services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
                ).run()
            }
        }
    }
}
