import Configuration

/// Where a PostgreSQL database is, and who connects to it.
///
/// Configuration keys, below a section such as `read.db`: `host`, `port`, `username`, `password` (a secret), `database`.
/// Without any of them there is no such database, and a private cluster serves instead.
struct DatabaseConfiguration: Sendable {
    let host: String
    let port: Int
    let username: String
    /// Never shown: neither by the description nor by reflection.
    let password: String?
    let database: String

    /// - Returns: nil when none of the keys has a value.
    /// - Throws: ``Failure`` that names the setting, its value and what is expected.
    init?(
        _ section: String, reading reader: ConfigReader, defaultPort: Int, defaultDatabase: String
    ) throws(Failure) {
        func key(_ name: String) -> ConfigKey { ConfigKey("\(section).\(name)") }
        let texts = ["host", "port", "username", "database"].map { reader.string(forKey: key($0)) }
        password = reader.string(forKey: key("password"), isSecret: true)
        guard password != nil || texts.contains(where: { $0 != nil }) else { return nil }
        host = texts[0] ?? "localhost"
        port = try reader.value(forKey: key("port"), default: defaultPort, expected: "a number from 1 to 65535") {
            Int($0).flatMap { (1...65_535).contains($0) ? $0 : nil }
        }
        username = texts[2] ?? "postgres"
        database = texts[3] ?? defaultDatabase
    }
}

extension DatabaseConfiguration: CustomStringConvertible, CustomReflectable {
    var description: String { "\(username)@\(host):\(port)/\(database)" }

    var customMirror: Mirror { Mirror(self, children: ["database": description]) }
}
