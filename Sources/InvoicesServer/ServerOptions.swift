import ArgumentParser
import Configuration
import SystemPackage

/// What can be said on the command line; everything else is in the environment or in `.env`.
struct ServerOptions: ParsableArguments {
    @Option(help: "The address to listen on (HOST).")
    var host: String?

    @Option(help: "The port to listen on (PORT).")
    var port: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical (LOG_LEVEL).")
    var logLevel: String?

    @Option(help: "Where the private PostgreSQL clusters live (DATA_DIRECTORY).")
    var dataDirectory: String?

    /// Reads the settings from the command line, the environment and the file `.env`, in this order.
    ///
    /// - Throws: ``Failure`` when a setting is not valid.
    func read() async throws -> ServerConfiguration {
        let spoken: [AbsoluteConfigKey: ConfigValue] = [
            "host": host, "port": port, "log.level": logLevel, "data.directory": dataDirectory,
        ].compactMapValues { $0.map { ConfigValue(.string($0), isSecret: false) } }
        let reader = ConfigReader(providers: [
            InMemoryProvider(name: "command line", values: spoken),
            EnvironmentVariablesProvider(),
            try await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true),
        ])
        return try ServerConfiguration(reading: reader)
    }
}
