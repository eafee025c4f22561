/// Compares the files with what the database has.
struct MigrationPlan {
    /// What is to be applied, in order.
    let pending: [PostgresMigration]

    init(files: [PostgresMigration], applied: [AppliedPostgresMigration]) throws(PostgresMigrationError) {
        let files = files.sorted { $0.version < $1.version }
        for (file, next) in zip(files, files.dropFirst()) where file.version == next.version {
            throw .duplicate(file: file.fileName, other: next.fileName)
        }

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
        pending = files.filter { !versions.contains($0.version) }
        if let newest, let file = pending.first(where: { $0.version < newest.version }) {
            throw .outOfOrder(file: file.fileName, newest: newest.fileName)
        }
    }
}
