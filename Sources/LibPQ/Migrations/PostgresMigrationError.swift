/// Why a database cannot be brought to the state of the migration files. Files are named as they are, or were.
public enum PostgresMigrationError: Error, Sendable {
    case unreadable(directory: String, reason: String)
    /// A file in the directory is not called like `0001_name.sql`.
    case misnamed(file: String)
    /// Two files have the same number.
    case duplicate(file: String, other: String)
    /// There is no file with the number before the file's.
    case gap(before: String)
    /// The file was changed, or renamed, after it was applied.
    case changed(file: String, applied: String)
    /// The file was applied and is gone.
    case missing(file: String)
    /// The file has a lower number than one that was applied already.
    case outOfOrder(file: String, newest: String)
    /// The database has migrations that this program does not know of.
    case databaseIsNewer(applied: String)
    /// The database has only some of the migrations that were squashed: a program of before has to bring it forward.
    case tooOld(applied: String, needed: String)
    /// The database lacks migrations.
    case pending(files: [String])
    /// The file's SQL failed; nothing was applied, of the other files neither.
    case failed(file: String, line: Int?, PostgresError)
}

extension PostgresMigrationError: CustomStringConvertible {
    /// Names the migration, and says what to do.
    public var description: String {
        switch self {
        case .unreadable(let directory, let reason): "cannot read the migrations in \(directory): \(reason)"
        case .misnamed(let file): "\(file) is not named like a migration (0001_name.sql)"
        case .duplicate(let file, let other): "\(file) and \(other) have the same number"
        case .gap(let file): "the migration before \(file) is missing: numbers must follow each other"
        case .changed(let file, let applied) where file == applied: "\(file) was changed after it was applied"
        case .changed(let file, let applied): "\(file) was applied as \(applied)"
        case .missing(let file): "\(file) was applied, and its file is missing"
        case .outOfOrder(let file, let newest): "\(file) was not applied, though the newer \(newest) was"
        case .databaseIsNewer(let applied): "the database is newer than this program: it has \(applied)"
        case .tooOld(let applied, let needed):
            "the database is too old: it has \(applied), and this program takes it over only from \(needed) on"
        case .pending(let files): "the database lacks migrations: \(files.joined(separator: ", "))"
        case .failed(let file, let line, let error):
            "\(file) failed\(line.map { " in line \($0)" } ?? ""), and nothing was applied: \(error)"
        }
    }
}
