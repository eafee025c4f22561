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

    @Option(help: "Where the private servers live (DATA_DIRECTORY).")
    var dataDirectory: String?

    /// - Throws: ``Failure`` when a setting is not valid.
    func read() async throws -> ServerConfiguration {
        try await ServerConfiguration.read([
            "host": host, "port": port, "log.level": logLevel, "data.directory": dataDirectory,
        ])
    }
}

extension ServerConfiguration {
    /// Reads the settings from the command line, the environment and the file `.env`, in this order.
    ///
    /// - Parameter spoken: what was said on the command line; nil where nothing was.
    /// - Throws: ``Failure`` when a setting is not valid.
    static func read(_ spoken: [AbsoluteConfigKey: String?]) async throws -> ServerConfiguration {
        let spoken = spoken.compactMapValues { $0.map { ConfigValue(.string($0), isSecret: false) } }
        let reader = ConfigReader(providers: [
            InMemoryProvider(name: "command line", values: spoken),
            EnvironmentVariablesProvider(),
            try await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true),
        ])
        return try ServerConfiguration(reading: reader)
    }
}
