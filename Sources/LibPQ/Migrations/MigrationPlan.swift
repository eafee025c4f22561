/// Compares the files with what the database has.
struct MigrationPlan {
    /// Takes over a database of before the squash; it comes first.
    let squash: PostgresSquash?
    /// What is to be recorded once the squash has run: the numbered files that it stands for.
    let covered: [PostgresMigration]
    /// The numbered files that are to be applied, in order.
    let pending: [PostgresMigration]
    /// The repeatable files that are to be applied, in order.
    let repeatable: [PostgresRepeatableMigration]

    /// The names of all files that are to be applied, in order.
    var fileNames: [String] {
        (squash.map { [$0.fileName] } ?? []) + pending.map(\.fileName) + repeatable.map(\.fileName)
    }

    /// - Parameter checksums: of the repeatable migrations that the database has, by their names.
    init(
        _ files: MigrationFiles, applied: [AppliedPostgresMigration], repeatable checksums: [String: String] = [:]
    ) throws(PostgresMigrationError) {
        repeatable = files.repeatable.filter { checksums[$0.name] != $0.checksum }.sorted { $0.name < $1.name }
        let numbered = files.numbered.sorted { $0.version < $1.version }
        try Self.checkNumbers(of: numbered)
        if let squash = files.squash, try squash.matches(applied) {
            self.squash = squash
            covered = numbered.filter { $0.version <= squash.upgrade.version }
            pending = numbered.filter { $0.version > squash.upgrade.version }
        } else {
            squash = nil
            covered = []
            pending = try Self.pending(numbered, applied: applied)
        }
    }

    private static func checkNumbers(of files: [PostgresMigration]) throws(PostgresMigrationError) {
        for (file, next) in zip(files, files.dropFirst()) where file.version == next.version {
            throw .duplicate(file: file.fileName, other: next.fileName)
        }
    }

    private static func pending(
        _ files: [PostgresMigration], applied: [AppliedPostgresMigration]
    ) throws(PostgresMigrationError) -> [PostgresMigration] {
        let newest = applied.max { $0.version < $1.version }
        let lastVersion = files.last?.version ?? 0
        for migration in applied.sorted(by: { $0.version < $1.version }) {
            guard let file = files.first(where: { $0.version == migration.version }) else {
                throw migration.version > lastVersion
                    ? .databaseIsNewer(applied: (newest ?? migration).fileName) : .missing(file: migration.fileName)
            }
            guard file.checksum == migration.checksum, file.name == migration.name else {
                throw .changed(file: file.fileName, applied: migration.fileName)
            }
        }
        for (index, file) in files.enumerated() where file.version != index + 1 {
            throw .gap(before: file.fileName)
        }

        let versions = Set(applied.map(\.version))
        let pending = files.filter { !versions.contains($0.version) }
        if let newest, let file = pending.first(where: { $0.version < newest.version }) {
            throw .outOfOrder(file: file.fileName, newest: newest.fileName)
        }
        return pending
    }
}

extension PostgresSquash {
    /// Whether the database has exactly the migrations that were replaced.
    ///
    /// - Throws: ``PostgresMigrationError/tooOld(applied:needed:)`` when it has only the first of them.
    fileprivate func matches(_ applied: [AppliedPostgresMigration]) throws(PostgresMigrationError) -> Bool {
        let applied = applied.sorted { $0.version < $1.version }
        if applied == replaced { return true }
        if let last = applied.last, let needed = replaced.last, applied == Array(replaced.prefix(applied.count)) {
            throw .tooOld(applied: last.fileName, needed: needed.fileName)
        }
        return false
    }
}
