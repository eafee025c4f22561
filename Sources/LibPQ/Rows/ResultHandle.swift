import CLibPQ
import Glibc

/// Owns a `PGresult` and clears it with its last reference.
///
/// `@unchecked Sendable`: libpq does not touch a result after handing it out, and nothing here changes it, so that any
/// thread may read and any thread may clear it (PostgreSQL manual, "Behavior in Threaded Programs").
@usableFromInline final class ResultHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    let rowCount: Int
    @usableFromInline let columnCount: Int

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        self.rowCount = Int(PQntuples(pointer))
        self.columnCount = Int(PQnfields(pointer))
    }

    deinit { PQclear(pointer) }

    /// The command tag: `SELECT 5`, `INSERT 0 1`, `COMMIT`.
    var commandTag: String { String(cString: PQcmdStatus(pointer)) }

    /// The command was `BEGIN` or `START TRANSACTION`. (The connection's own status is of no use while more is queued.)
    var beginsTransaction: Bool {
        guard let tag = PQcmdStatus(pointer) else { return false }
        return strncmp(tag, "BEGIN", 5) == 0 || strncmp(tag, "START", 5) == 0
    }

    var affectedRows: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    func columnName(_ column: Int) -> String { String(cString: PQfname(pointer, Int32(column))) }

    @usableFromInline func columnType(_ column: Int) -> PostgresType {
        PostgresType(rawValue: PQftype(pointer, Int32(column)))
    }

    @usableFromInline func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(pointer, Int32(row), Int32(column)) == 1
    }

    /// The bytes of a cell, valid as long as the handle lives.
    @usableFromInline func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: PQgetvalue(pointer, Int32(row), Int32(column)),
            count: Int(PQgetlength(pointer, Int32(row), Int32(column))))
    }
}
