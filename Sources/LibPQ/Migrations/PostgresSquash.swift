/// How a database is taken over whose numbered migrations were replaced by fewer ones.
///
/// It is the folder `squashed` of a schema: the file `checksums` with a line for each migration of before, its file name
/// and its checksum, and one upgrade, `0004_upgrade.sql`, which brings a database that has exactly these to the state
/// after the numbered migration of its number. A new database never sees it.
public struct PostgresSquash: Sendable, Hashable {
    /// The migrations that the database has to have.
    public let replaced: [AppliedPostgresMigration]
    /// What brings a database with the replaced migrations to where the present ones lead.
    public let upgrade: PostgresMigration

    /// Makes one of what a database has to have, and what is run there.
    public init(replaced: [AppliedPostgresMigration], upgrade: PostgresMigration) {
        self.replaced = replaced.sorted { $0.version < $1.version }
        self.upgrade = upgrade
    }

    /// `squashed/0004_upgrade.sql`
    var fileName: String { "\(Self.folder)/\(upgrade.fileName)" }

    static let folder = "squashed"

    /// Reads a line of `checksums`; nil for one that is none.
    static func parse(line: Substring) -> AppliedPostgresMigration? {
        let words = line.split(separator: " ")
        guard words.count == 2, let (version, name) = PostgresMigration.parse(fileName: String(words[0])) else {
            return nil
        }
        return AppliedPostgresMigration(version: version, name: name, checksum: String(words[1]))
    }
}
