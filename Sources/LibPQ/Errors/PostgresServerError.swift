import CLibPQ

/// The fields of an error report of the server (PostgreSQL manual, "Error and Notice Message Fields").
public struct PostgresServerError: Sendable {
    /// What kind of error it is.
    public let sqlState: SQLState
    /// `ERROR`, `FATAL` or `PANIC`, never translated.
    public let severity: String
    /// What went wrong, for people.
    public let message: String
    /// More about it; it may hold values of rows.
    public let detail: String?
    /// What to do, as far as the server can guess.
    public let hint: String?
    /// The schema that it is about.
    public let schema: String?
    /// The table that it is about.
    public let table: String?
    /// The column that it is about.
    public let column: String?
    /// The constraint that was violated.
    public let constraint: String?
    /// Where in the statement the error is: the number of the character, counted from 1.
    public let position: Int?
    /// The server's C function that reported the error; it tells apart what shares a SQLSTATE.
    let routine: String?

    init(
        _ sqlState: SQLState, _ message: String, severity: String = "ERROR", detail: String? = nil, hint: String? = nil,
        schema: String? = nil, table: String? = nil, column: String? = nil, constraint: String? = nil,
        position: Int? = nil, routine: String? = nil
    ) {
        self.sqlState = sqlState
        self.severity = severity
        self.message = message
        self.detail = detail
        self.hint = hint
        self.schema = schema
        self.table = table
        self.column = column
        self.constraint = constraint
        self.position = position
        self.routine = routine
    }
}

extension PostgresServerError {
    /// Reads a failed result. `nil` if libpq made the result itself, which it does when the connection is gone.
    init?(result: OpaquePointer) {
        func field(_ code: UnicodeScalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        guard let state = field("C") else { return nil }
        self.init(
            SQLState(rawValue: state), field("M") ?? "", severity: field("V") ?? "ERROR", detail: field("D"),
            hint: field("H"), schema: field("s"), table: field("t"), column: field("c"), constraint: field("n"),
            position: field("P").flatMap { Int($0) }, routine: field("R"))
    }

    /// The backend ends after such an error, and the connection with it.
    var endsConnection: Bool { severity == "FATAL" || severity == "PANIC" }

    /// The prepared statement is gone or its result has changed its shape: the server refused to run it, and will run
    /// it once it is prepared again.
    var meansStaleStatement: Bool {
        sqlState == .invalidStatementName || sqlState == .featureNotSupported && routine == "RevalidateCachedQuery"
    }
}

extension PostgresServerError: CustomStringConvertible {
    /// Severity, state and message, with detail and hint.
    public var description: String {
        var text = "\(severity) \(sqlState): \(message)"
        if let constraint { text += " [constraint \(constraint)]" }
        if let hint { text += " (hint: \(hint))" }
        return text
    }
}
