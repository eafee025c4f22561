/// One SQL statement; every connection prepares it once, at its first use there.
///
/// Its arguments have numbers or names:
/// ```swift
/// let find: PostgresStatement = "SELECT document FROM invoices WHERE tenant = $1 AND id = $2"
/// let rename: PostgresStatement = "UPDATE invoices SET name = :name WHERE tenant = :tenant AND id = :id"
///
/// try await client.query(find, tenant, id)
/// try await client.execute(rename.call(naming: ["tenant": tenant, "id": id, "name": name]))
/// ```
/// A name begins with a letter and follows its colon directly. It may appear more than once. Casts (`::text`), strings,
/// quoted identifiers and comments are left alone. Between the bounds of an array's slice, put a blank behind the colon.
///
/// Make it once, as a `static let`: its names and its identity are settled then, and a query neither hashes nor
/// compares its text. Two statements of the same text are equal and share what is prepared.
public struct PostgresStatement: Sendable {
    private final class Storage: Sendable {
        let sql: String
        let hash: Int
        let names: [String]
        let mustTravelAlone: Bool

        init(sql: String, names: [String]) {
            self.sql = sql
            self.hash = sql.hashValue
            self.names = names
            self.mustTravelAlone = PostgresStatement.mustTravelAlone(sql)
        }
    }

    private let storage: Storage

    /// - Precondition: The statement has names or numbers, not both.
    public init(_ sql: String) {
        let placeholders = NamedPlaceholders(in: sql)
        storage = Storage(sql: placeholders.sql, names: placeholders.names)
    }

    /// SQL that is sent as it is: a script, or a `COPY`.
    init(verbatim sql: String) { storage = Storage(sql: sql, names: []) }

    /// The text as the server sees it: with `$1`, `$2` … where it was written with names.
    public var sql: String { storage.sql }

    /// The names of the arguments, in the order of their numbers.
    public var names: [String] { storage.names }
}

extension PostgresStatement {
    /// It begins or ends a transaction, and would tear apart what is to be committed together, or it is a `COPY`.
    var mustTravelAlone: Bool { storage.mustTravelAlone }

    private static func mustTravelAlone(_ sql: String) -> Bool {
        // Longer than any comment that is reasonable in front of a statement.
        let bytes = Array(sql.utf8.prefix(1024))
        var scanner = SQLScanner(bytes)
        while let token = scanner.next() {
            guard token.kind == .word else { continue }
            let word = String(decoding: bytes[token.range], as: UTF8.self).lowercased()
            return ["begin", "start", "commit", "end", "rollback", "abort", "prepare", "copy"].contains(word)
        }
        return false
    }
}

extension PostgresStatement: Hashable {
    /// Statements of the same text are equal.
    public static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage || left.storage.hash == right.storage.hash && left.sql == right.sql
    }

    /// Hashes the text, once for a statement.
    public func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }
}

extension PostgresStatement: ExpressibleByStringLiteral {
    /// A statement in SQL, as in `let find: PostgresStatement = "SELECT …"`.
    public init(stringLiteral sql: String) { self.init(sql) }
}

extension PostgresStatement: CustomStringConvertible {
    /// The text.
    public var description: String { sql }
}
