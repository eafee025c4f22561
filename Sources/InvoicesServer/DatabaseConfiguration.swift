import Configuration
import LibPQ

/// Where a PostgreSQL database is, who connects to it, and how the connection is encrypted.
///
/// Configuration keys, below a section such as `read.db`: `host`, `port`, `username`, `password` (a secret), `database`,
/// `ssl.mode`, `ssl.root.cert`, `ssl.cert`, `ssl.key`. Without any of them there is no such database, and a private
/// cluster serves instead. Host and port may be lists, as libpq has them.
struct DatabaseConfiguration: Sendable {
    let hosts: [PostgresConfiguration.Host]
    let username: String
    /// Never shown: neither by the description nor by reflection.
    let password: String?
    let database: String
    let tls: PostgresTLS
    /// What the names of its settings begin with: `READ_DB`.
    let prefix: String

    /// - Returns: nil when none of the keys has a value.
    /// - Throws: ``Failure`` that names the setting, its value and what is expected.
    init?(
        _ section: String, reading reader: ConfigReader, defaultPort: Int, defaultDatabase: String
    ) throws(Failure) {
        func key(_ name: String) -> ConfigKey { ConfigKey("\(section).\(name)") }
        func text(_ name: String) -> String? { reader.string(forKey: key(name)) }
        let (host, port, username, database) = (text("host"), text("port"), text("username"), text("database"))
        // What is empty here is not set, as in .env.example.
        let mode = text("ssl.mode")
        let files = ["ssl.root.cert", "ssl.cert", "ssl.key"].map { text($0).flatMap { $0.isEmpty ? nil : $0 } }
        password = reader.string(forKey: key("password"), isSecret: true)
        let texts = [host, port, username, database, mode, password] + files
        guard texts.contains(where: { $0 != nil }) else { return nil }
        hosts = try Self.hosts(reader, key, defaultPort: defaultPort)
        self.username = username ?? "postgres"
        self.database = database ?? defaultDatabase
        tls = PostgresTLS(
            mode: try reader.value(
                forKey: key("ssl.mode"), default: nil,
                expected: "one of \(PostgresTLS.Mode.allCases.map(\.rawValue).joined(separator: ", "))"
            ) { $0.isEmpty ? .some(nil) : PostgresTLS.Mode(rawValue: $0).map(Optional.some) },
            rootCertificateFile: files[0], certificateFile: files[1], keyFile: files[2])
        prefix = section.replacing(".", with: "_").uppercased()
    }

    /// Each host with its port. One port is for all hosts.
    private static func hosts(
        _ reader: ConfigReader, _ key: (String) -> ConfigKey, defaultPort: Int
    ) throws(Failure) -> [PostgresConfiguration.Host] {
        let names = try reader.value(
            forKey: key("host"), default: ["localhost"],
            expected: "a name, an address, the folder of a unix socket, or several of them with commas between"
        ) { $0.listed { $0.isEmpty ? nil : $0 } }
        let ports = try reader.value(
            forKey: key("port"), default: [defaultPort],
            expected: names.count == 1
                ? "a number from 1 to 65535"
                : "a number from 1 to 65535, or \(names.count) of them with commas between, as there are hosts"
        ) { text in
            text.listed { Int($0).flatMap { (1...65_535).contains($0) ? $0 : nil } }
                .flatMap { $0.count == 1 || $0.count == names.count ? $0 : nil }
        }
        return names.indices.map { .init(names[$0], port: ports[ports.count == 1 ? 0 : $0]) }
    }
}

extension String {
    /// The values between commas; nil when `parse` refuses one.
    fileprivate func listed<Value>(_ parse: (String) -> Value?) -> [Value]? {
        let parts = split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { part in
            parse(String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()))
        }
        return values.count == parts.count ? values : nil
    }
}

extension DatabaseConfiguration: CustomStringConvertible, CustomReflectable {
    /// Where it is.
    var place: String { hosts.map { "\($0.name):\($0.port)" }.joined(separator: ",") + "/\(database)" }

    var description: String { "\(username)@\(place)" }

    var customMirror: Mirror { Mirror(self, children: ["database": description]) }
}
