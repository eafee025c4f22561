/// Where the server is, who connects, and how long that may take.
///
/// Its description, its reflection and the errors of the client never show the password.
public struct PostgresConfiguration: Sendable {
    /// The servers to try, in order. One that does not answer uses up its share of ``connectTimeout`` only, and is then
    /// tried after the others for half a minute.
    public var hosts: [Host]
    /// The role to sign in as.
    public var username: String
    /// Nil where another way of authentication is set up. It never shows in a description.
    public var password: String?
    /// The name of the database.
    public var database: String
    /// The role whose privileges every session has, in place of those of `username`, which has to be a member of it.
    public var role: String?
    /// Whether and how connections are encrypted.
    public var tls: PostgresTLS
    /// What every session starts with, whatever the server's, the database's or the role's defaults are. A setting that
    /// is not named here has the server's default.
    public var settings: [String: String]
    /// How long one attempt to connect may take, and how long a request waits while no connection can be had.
    public var connectTimeout: Duration
    /// The server ends statements that run longer; `nil`: what ``settings`` say.
    public var statementTimeout: Duration?
    /// The server refuses to wait longer for a lock, with ``SQLState/lockNotAvailable``; `nil`: what ``settings``
    /// say.
    public var lockTimeout: Duration?
    /// The server ends sessions that do nothing in an open transaction for longer, so that a process that was stopped, or
    /// cut off, does not keep its locks; `nil`: what ``settings`` say.
    public var idleInTransactionTimeout: Duration?
    /// How long a read or a write may take from the call to its answer, unless the call says otherwise; `nil` is for
    /// ever. It is the client that keeps it, so that it also ends requests to a server that hangs.
    public var requestTimeout: Duration?
    /// The same for reads alone, where they are to be answered sooner than writes; `nil` is ``requestTimeout``.
    public var readTimeout: Duration?
    /// The same for each statement on a leased connection, where statements may be long.
    public var leasedRequestTimeout: Duration?
    /// The name that `pg_stat_activity` shows.
    public var applicationName: String
    /// With `readWrite` or `primary`, a write that is refused since its server has become read-only moves all
    /// connections to the server that is the primary now, and is sent again there.
    public var targetSessionAttributes: TargetSessionAttributes

    /// Several servers of one cluster, tried in this order; each connection goes to the first that will do.
    public init(
        hosts: [Host], username: String, password: String? = nil, database: String, role: String? = nil,
        tls: PostgresTLS = PostgresTLS(), settings: [String: String] = standardSettings,
        connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration? = nil, lockTimeout: Duration? = nil, idleInTransactionTimeout: Duration? = nil,
        requestTimeout: Duration? = .seconds(60), readTimeout: Duration? = nil,
        leasedRequestTimeout: Duration? = nil,
        applicationName: String = "LibPQ", targetSessionAttributes: TargetSessionAttributes = .any
    ) {
        self.hosts = hosts
        self.username = username
        self.password = password
        self.database = database
        self.role = role
        self.tls = tls
        self.settings = settings
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.idleInTransactionTimeout = idleInTransactionTimeout
        self.requestTimeout = requestTimeout
        self.readTimeout = readTimeout
        self.leasedRequestTimeout = leasedRequestTimeout
        self.applicationName = applicationName
        self.targetSessionAttributes = targetSessionAttributes
    }

    /// One server; `host` may be a name, an address or the absolute path of a unix socket's directory.
    public init(
        host: String, port: Int = 5432, username: String, password: String? = nil, database: String,
        tls: PostgresTLS = PostgresTLS()
    ) {
        self.init(
            hosts: [Host(host, port: port)], username: username, password: password, database: database, tls: tls)
    }
}

extension PostgresConfiguration {
    /// A server: a name, an address, or the absolute path of the directory of its unix socket.
    public struct Host: Sendable, Hashable {
        /// A name, an address, or the absolute path of a directory.
        public var name: String
        /// The port; for a unix socket, the number in the socket's name.
        public var port: Int

        /// A server on the usual port, unless another one is named.
        public init(_ name: String, port: Int = 5432) {
            self.name = name
            self.port = port
        }
    }

    /// libpq's `target_session_attrs`: which of several servers will do.
    public enum TargetSessionAttributes: String, Sendable, CaseIterable {
        case any, primary, standby
        case readWrite = "read-write"
        case readOnly = "read-only"
        case preferStandby = "prefer-standby"

        /// A session that cannot write is of no use.
        var needsWrites: Bool { self == .readWrite || self == .primary }
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Servers, user and database, without the password.
    public var description: String {
        let servers = hosts.map { "\($0.name):\($0.port)" }.joined(separator: ",")
        let mode = tls.mode.map { " tls=\($0.rawValue)" } ?? ""
        return "\(username)@\(servers)/\(database)\(mode)"
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// The description alone: the password does not show in a dump.
    public var customMirror: Mirror { Mirror(self, children: ["connection": description]) }
}
