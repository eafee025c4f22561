import Crypto

/// One step of a schema: a numbered SQL file, `0001_name.sql`.
public struct PostgresMigration: Sendable, Hashable {
    /// Counted from 1, without gaps.
    public let version: Int
    /// For people; it is recorded with the version.
    public let name: String
    /// One or several statements, run in one transaction.
    public let sql: String
    /// SHA-256 of the SQL's bytes, in hexadecimal.
    public let checksum: String

    /// Makes a migration; its version is unique, and the order.
    public init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
        checksum = Self.checksum(of: sql)
    }

    static func checksum(of sql: String) -> String {
        SHA256.hash(data: Array(sql.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// `0001_name.sql`
    public var fileName: String { Self.fileName(version, name) }

    static func fileName(_ version: Int, _ name: String) -> String {
        let digits = String(version)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_\(name).sql"
    }
}

extension PostgresMigration {
    /// Splits a file's name; `nil` if it is not four or more digits, an underscore, a name and `.sql`.
    static func parse(fileName: String) -> (version: Int, name: String)? {
        guard fileName.hasSuffix(".sql"), let underscore = fileName.firstIndex(of: "_") else { return nil }
        let digits = fileName[..<underscore]
        let name = fileName[underscore...].dropFirst().dropLast(4)
        let areDigits = digits.count >= 4 && digits.allSatisfy { $0.isASCII && $0.isNumber }
        guard areDigits, !name.isEmpty, let version = Int(digits), version > 0 else { return nil }
        return (version, String(name))
    }
}

/// A migration that the database has.
public struct AppliedPostgresMigration: Sendable, Hashable {
    /// The number, from 1.
    public let version: Int
    /// For people.
    public let name: String
    /// The SHA-256 of the statements, in hexadecimal.
    public let checksum: String

    /// A migration as it is recorded in a database.
    public init(version: Int, name: String, checksum: String) {
        self.version = version
        self.name = name
        self.checksum = checksum
    }

    /// `0001_name.sql`
    public var fileName: String { PostgresMigration.fileName(version, name) }
}
