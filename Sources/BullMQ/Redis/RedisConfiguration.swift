/// How a client connects, and how long it waits.
public struct RedisConfiguration: Sendable {
    /// Where Redis is, and how to sign in.
    public var url: RedisURL
    /// A file with the certificates (PEM) that sign the server's, for `rediss://`; the system's if nil.
    public var trustedCertificates: String?
    /// For the connection, TLS and signing in.
    public var connectTimeout: Duration = .seconds(5)
    /// From the call until the reply, the wait for a connection included.
    public var commandTimeout: Duration = .seconds(10)
    /// The pauses between attempts to connect: the first, doubled up to the last. Up to half of each is taken off at
    /// random, so that not all clients come back at the same moment.
    public var reconnectPause: Duration = .milliseconds(50)
    /// The longest pause between two attempts to connect.
    public var longestReconnectPause: Duration = .seconds(5)
    /// Commands that may wait for replies; more are refused at once.
    public var pendingCommands = 100_000
    /// Bytes of commands that may wait for replies; more are refused at once.
    public var pendingBytes = 256 * 1024 * 1024
    /// Loaded whenever a connection is made, so that calling them by hash succeeds.
    public var scripts: [RedisScript] = []

    /// The defaults.
    public init(url: RedisURL) { self.url = url }

    /// The pause after so many failed attempts in a row.
    ///
    /// - Parameter random: from 0 to 1.
    func pause(afterFailures failures: Int, random: Double) -> Duration {
        let doubled = reconnectPause * Double(UInt64(1) << UInt64(min(max(failures - 1, 0), 20)))
        return min(doubled, longestReconnectPause) * (1 - random / 2)
    }
}
