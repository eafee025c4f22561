import EmbeddedRedis
import FoundationEssentials
import Logging
import ServerProcesses
import ServiceLifecycle

/// The Redis that the processes on one data directory share, without a setting: one of them runs it at a time, and when
/// that process ends another takes over. Nobody waits for it.
struct PrivateRedis: Service {
    /// The path of its socket, whether it runs or not.
    let socket: String
    private let directory: String
    private let installation: RedisInstallation
    private let logger: Logger

    /// - Throws: ``RedisNotInstalled``; `PrivateServerError` when the directory cannot be used.
    init(in dataDirectory: String, logger: Logger) throws {
        installation = try RedisInstallation.find()
        directory = "\(dataDirectory)/redis"
        socket = try EmbeddedRedis.socket(in: directory)
        self.logger = logger
    }

    /// Starts it, and starts it again whenever it ends, until graceful shutdown or cancellation.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            var holder: Int32?
            while !Task.isCancelled {
                do {
                    let server = try await EmbeddedRedis.start(in: directory, installation: installation)
                    logger.info("Started a private Redis", metadata: ["in": "\(server.directory)"])
                    holder = nil
                    try await server.run()
                } catch PrivateServerError.inUse(_, let processID) {
                    if holder != processID ?? 0 {
                        logger.info(
                            "Another process runs the private Redis",
                            metadata: ["in": "\(directory)", "process": "\(processID.map(String.init) ?? "unknown")"])
                    }
                    holder = processID ?? 0
                } catch is CancellationError {
                    return
                } catch {
                    let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
                    logger.error("The private Redis does not run; it is started again", metadata: ["error": "\(line)"])
                }
                // The lock of another process cannot be waited for, and a server that ends at once must not be started
                // without a pause.
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
