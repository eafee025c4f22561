import Testing

@testable import LibPQ

struct `A migration plan` {
    private let files = (1...3).map { PostgresMigration(version: $0, name: "step_\($0)", sql: "SELECT \($0)") }

    @Test func `holds what was not applied, in order`() throws {
        #expect(try pending(files.reversed(), []) == files)
        #expect(try pending(files, applied(files[0])) == [files[1], files[2]])
        #expect(try pending(files, files.map(applied)) == [])
        #expect(try pending([], []) == [])
    }

    @Test func `names two files of one number`() {
        let twin = PostgresMigration(version: 2, name: "other", sql: "")
        expect("0002_step_2.sql and 0002_other.sql have the same number", files + [twin], [])
    }

    @Test func `names the file before which there is a gap`() {
        expect("the migration before 0003_step_3.sql is missing", [files[0], files[2]], [])
        expect("the migration before 0002_step_2.sql is missing", [files[1]], [])
    }

    @Test func `names a file that was changed after it was applied`() {
        let changed = PostgresMigration(version: 1, name: "step_1", sql: "SELECT 1 ")
        expect("0001_step_1.sql was changed after it was applied", [changed], applied(files[0]))
        let renamed = PostgresMigration(version: 1, name: "renamed", sql: "SELECT 1")
        expect("0001_renamed.sql was applied as 0001_step_1.sql", [renamed], applied(files[0]))
    }

    @Test func `names a file that was applied and is gone`() {
        expect("0002_step_2.sql was applied, and its file is missing", [files[0], files[2]], files.map(applied))
    }

    @Test func `names a file that comes too late`() {
        expect(
            "0002_step_2.sql was not applied, though the newer 0003_step_3.sql was", files,
            [applied(files[0]), applied(files[2])])
    }

    @Test func `refuses a database that is newer than the files`() {
        expect("the database is newer than this program: it has 0003_step_3.sql", [files[0]], files.map(applied))
    }

    @Test(arguments: [
        ("0001_events.sql", 1, "events"), ("0123_add_index.sql", 123, "add_index"), ("12345_x.sql", 12345, "x"),
    ])
    func `reads the names of files`(file: String, version: Int, name: String) throws {
        let parsed = try #require(PostgresMigration.parse(fileName: file))
        #expect(parsed == (version, name))
        #expect(PostgresMigration(version: version, name: name, sql: "").fileName == file)
    }

    @Test(arguments: ["1_x.sql", "0001.sql", "0001_.sql", "0000_x.sql", "x_0001.sql", "0001-x.sql", "٠٠٠١_x.sql"])
    func `refuses other names`(file: String) {
        #expect(PostgresMigration.parse(fileName: file) == nil)
    }

    @Test func `knows a file by the SHA-256 of its bytes`() {
        let empty = PostgresMigration(version: 1, name: "x", sql: "")
        #expect(empty.checksum == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    private func pending(
        _ files: [PostgresMigration], _ applied: AppliedPostgresMigration...
    ) throws -> [PostgresMigration] { try pending(files, applied) }

    private func pending(
        _ files: [PostgresMigration], _ applied: [AppliedPostgresMigration]
    ) throws -> [PostgresMigration] { try MigrationPlan(MigrationFiles(numbered: files), applied: applied).pending }

    private func applied(_ file: PostgresMigration) -> AppliedPostgresMigration {
        AppliedPostgresMigration(version: file.version, name: file.name, checksum: file.checksum)
    }

    private func expect(
        _ message: String, _ files: [PostgresMigration], _ applied: AppliedPostgresMigration...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) { expect(message, files, applied, sourceLocation: sourceLocation) }

    private func expect(
        _ message: String, _ files: [PostgresMigration], _ applied: [AppliedPostgresMigration],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: PostgresMigrationError.self, sourceLocation: sourceLocation) {
            try pending(files, applied)
        }
        #expect(error?.description.hasPrefix(message) == true, sourceLocation: sourceLocation)
    }
}
