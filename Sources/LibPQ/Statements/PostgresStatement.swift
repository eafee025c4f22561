/// One SQL statement with parameters `$1`, `$2` …; every connection prepares it once, at its first use there.
///
/// Make it once, as a `static let`: its identity is settled then, and a query neither hashes nor compares its text.
/// Two statements of the same text are equal and share what is prepared.
public struct PostgresStatement: Sendable {
    private final class Storage: Sendable {
        let sql: String
        let hash: Int

        init(sql: String) {
            self.sql = sql
            self.hash = sql.hashValue
        }
    }

    private let storage: Storage

    public init(_ sql: String) { storage = Storage(sql: sql) }

    public var sql: String { storage.sql }
}

extension PostgresStatement: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage || left.storage.hash == right.storage.hash && left.sql == right.sql
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }
}

extension PostgresStatement: ExpressibleByStringLiteral {
    public init(stringLiteral sql: String) { self.init(sql) }
}

extension PostgresStatement: CustomStringConvertible {
    public var description: String { sql }
}
