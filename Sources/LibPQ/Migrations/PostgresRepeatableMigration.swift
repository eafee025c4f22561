/// A part of a schema that can be made again: a file of the folder `functions`, such as `functions/add_invoice.sql`.
///
/// It is applied when the database does not have it as it is now: when it is new, and when its checksum has changed.
/// A change of a function is one edit of its file then, and no copy of the whole function in a new numbered file.
///
/// The SQL has to succeed on a database that has an earlier version of it: `create or replace`, or `drop … if exists`
/// before `create`. Files are applied after the numbered ones, in the order of their names; so a file may use a function
/// of another file when it runs, and not yet when it is made. The file of a function that is no longer needed is deleted
/// together with a numbered migration that drops the function. A change that older programs cannot work with goes with a
/// numbered migration as well, since that is what they refuse.
public struct PostgresRepeatableMigration: Sendable, Hashable {
    /// The file's name without `.sql`.
    public let name: String
    /// What makes the object, whether it is there or not.
    public let sql: String
    /// SHA-256 of the SQL's bytes, in hexadecimal.
    public let checksum: String

    /// Makes one; it is run again whenever its text has changed.
    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
        checksum = PostgresMigration.checksum(of: sql)
    }

    /// `functions/name.sql`
    public var fileName: String { "\(Self.folder)/\(name).sql" }

    static let folder = "functions"
}
