import FoundationEssentials

/// The files of a schema.
struct MigrationFiles: Sendable {
    var numbered: [PostgresMigration] = []
    var repeatable: [PostgresRepeatableMigration] = []
    var squash: PostgresSquash?
}

extension MigrationFiles {
    init(directory: String) throws(PostgresMigrationError) {
        do {
            numbered = try Self.sqlFiles(in: directory).map { try Self.numbered($0, in: directory) }
            let functions = "\(directory)/\(PostgresRepeatableMigration.folder)"
            repeatable = try Self.sqlFiles(in: functions, isOptional: true).map { file in
                PostgresRepeatableMigration(
                    name: String(file.dropLast(4)), sql: try Self.text(of: "\(functions)/\(file)"))
            }
            squash = try Self.squash(in: "\(directory)/\(PostgresSquash.folder)")
        } catch let error as PostgresMigrationError {
            throw error
        } catch {
            throw .unreadable(directory: directory, reason: "\(error)")
        }
    }

    private static func squash(in folder: String) throws -> PostgresSquash? {
        guard let file = try sqlFiles(in: folder, isOptional: true).first else { return nil }
        let lines = try text(of: "\(folder)/checksums").split(separator: "\n")
        let replaced = lines.compactMap(PostgresSquash.parse)
        guard replaced.count == lines.count else {
            throw PostgresMigrationError.unreadable(
                directory: folder, reason: "a line of checksums is not the name of a migration and its checksum")
        }
        return PostgresSquash(replaced: replaced, upgrade: try numbered(file, in: folder))
    }

    private static func numbered(_ file: String, in directory: String) throws -> PostgresMigration {
        guard let (version, name) = PostgresMigration.parse(fileName: file) else {
            throw PostgresMigrationError.misnamed(file: file)
        }
        return PostgresMigration(version: version, name: name, sql: try text(of: "\(directory)/\(file)"))
    }

    /// The names of the files that end in `.sql`, in their order.
    private static func sqlFiles(in directory: String, isOptional: Bool = false) throws -> [String] {
        if isOptional, !FileManager.default.fileExists(atPath: directory) { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".sql") }.sorted()
    }

    private static func text(of path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}
