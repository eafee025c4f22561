/// A five-character SQLSTATE, as listed in PostgreSQL's appendix "Error Codes".
///
/// It matches errors in a `catch`:
/// ```swift
/// do { … } catch SQLState.uniqueViolation { … }
/// ```
public struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// Five digits or capital letters.
    public let rawValue: String

    /// A state by its five characters (PostgreSQL manual, appendix A).
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The first two characters, shared by all states of a kind.
    public var category: Substring { rawValue.prefix(2) }

    /// The five characters.
    public var description: String { rawValue }
}

extension SQLState {
    /// The server cannot do this.
    public static let featureNotSupported = SQLState(rawValue: "0A000")
    /// A number was divided by 0.
    public static let divisionByZero = SQLState(rawValue: "22012")
    /// A text is not of the type that it was cast to.
    public static let invalidTextRepresentation = SQLState(rawValue: "22P02")
    /// A column that has to have a value has none.
    public static let notNullViolation = SQLState(rawValue: "23502")
    /// A row refers to one that is not there, or is referred to.
    public static let foreignKeyViolation = SQLState(rawValue: "23503")
    /// A value is there already that may be there once.
    public static let uniqueViolation = SQLState(rawValue: "23505")
    /// A row breaks a check of its table.
    public static let checkViolation = SQLState(rawValue: "23514")
    /// A row excludes another one.
    public static let exclusionViolation = SQLState(rawValue: "23P01")
    /// The server, or the transaction, only reads.
    public static let readOnlyTransaction = SQLState(rawValue: "25006")
    /// A statement of this transaction has failed before.
    public static let inFailedTransaction = SQLState(rawValue: "25P02")
    /// A prepared statement is not there, after a pooler has changed the session, for example.
    public static let invalidStatementName = SQLState(rawValue: "26000")
    /// The role may not sign in.
    public static let invalidAuthorization = SQLState(rawValue: "28000")
    /// The password is wrong.
    public static let invalidPassword = SQLState(rawValue: "28P01")
    /// The database does not exist.
    public static let invalidCatalogName = SQLState(rawValue: "3D000")
    /// Another transaction was first: run this one again.
    public static let serializationFailure = SQLState(rawValue: "40001")
    /// Two transactions waited for each other, and this one was ended.
    public static let deadlockDetected = SQLState(rawValue: "40P01")
    /// The text is not SQL.
    public static let syntaxError = SQLState(rawValue: "42601")
    /// The role has not the right.
    public static let insufficientPrivilege = SQLState(rawValue: "42501")
    /// The column does not exist.
    public static let undefinedColumn = SQLState(rawValue: "42703")
    /// The function does not exist, or not with such arguments.
    public static let undefinedFunction = SQLState(rawValue: "42883")
    /// The schema does not exist.
    public static let undefinedSchema = SQLState(rawValue: "3F000")
    /// The table does not exist.
    public static let undefinedTable = SQLState(rawValue: "42P01")
    /// The database exists already.
    public static let duplicateDatabase = SQLState(rawValue: "42P04")
    /// A prepared statement of this name exists already.
    public static let duplicatePreparedStatement = SQLState(rawValue: "42P05")
    /// The table exists already.
    public static let duplicateTable = SQLState(rawValue: "42P07")
    /// The server takes no more connections.
    public static let tooManyConnections = SQLState(rawValue: "53300")
    /// A lock was not had within `lock_timeout`, or with `NOWAIT`.
    public static let lockNotAvailable = SQLState(rawValue: "55P03")
    /// The statement was cancelled, by the client or by `statement_timeout`.
    public static let queryCanceled = SQLState(rawValue: "57014")
    /// The server is shut down, or an administrator has ended the session.
    public static let adminShutdown = SQLState(rawValue: "57P01")
    /// Another session has crashed the server.
    public static let crashShutdown = SQLState(rawValue: "57P02")
    /// The server is starting or stopping.
    public static let cannotConnectNow = SQLState(rawValue: "57P03")
    /// What `RAISE EXCEPTION` reports when it names no other.
    public static let raiseException = SQLState(rawValue: "P0001")
}

/// Matches any error that carries the SQLSTATE.
public func ~= (state: SQLState, error: any Error) -> Bool {
    (error as? PostgresError)?.sqlState == state
}
