public import FoundationEssentials
import Glibc

/// The server program of a Redis installation.
public struct RedisInstallation: Sendable, Hashable {
    /// Absolute path of `redis-server`.
    public let server: String

    /// Takes the path of a `redis-server`.
    public init(server: String) { self.server = server }

    /// The first one on `PATH`.
    ///
    /// - Throws: ``RedisNotInstalled`` when there is none.
    public static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> RedisInstallation {
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        guard let found = path.lazy.map({ $0 + "/redis-server" }).first(where: { access($0, X_OK) == 0 }) else {
            throw RedisNotInstalled()
        }
        return RedisInstallation(server: found)
    }
}

/// No directory of `PATH` holds `redis-server`.
public struct RedisNotInstalled: Error, Hashable, Sendable, CustomStringConvertible {
    /// Says how to install it.
    public var description: String {
        """
        No redis-server in PATH. Install it: `apt-get install redis-server` on Debian and Ubuntu, `dnf install redis` on \
        Fedora.
        """
    }
}
