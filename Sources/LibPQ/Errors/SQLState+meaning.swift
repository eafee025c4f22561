/// The one table of what SQLSTATEs mean, for the pool, for retries and for what callers are told; <doc:MeaningsOfSQLStates>
/// explains the choices.
extension SQLState {
    /// What a state means for the connection and for what was sent.
    public enum Meaning: Hashable, Sendable, CaseIterable {
        /// The session is unusable: its backend ends, or its server takes no writes. The pool closes it,
        /// and another session may do.
        case session
        /// The transaction was rolled back in favour of another one. It may succeed at once.
        case conflict
        /// The server could not do it now: a lock, a time-out, a cancel request, no memory, no room on the disk. It may
        /// succeed later.
        case busy
        /// The values are refused. Another statement, or this one with other values, is not affected.
        case value
        /// An operator has to change credentials, privileges or the database itself.
        case access
        /// The statement is wrong, or does not fit the schema: a fault of the program or of a migration.
        case program
        /// The server is damaged or misconfigured.
        case server

        /// The same request may succeed when it is made again, on whatever session.
        public var isTransient: Bool {
            switch self {
            case .session, .conflict, .busy: true
            case .value, .access, .program, .server: false
            }
        }
    }

    /// What it means. A state that PostgreSQL does not list was raised by a function of the program.
    public var meaning: Meaning { Self.states[rawValue] ?? Self.classes[category] ?? .program }

    /// States that mean something else than the others of their class.
    private static let states: [String: Meaning] = [
        "25006": .session,  // read_only_sql_transaction: the server has become a standby
        "25P03": .session,  // idle_in_transaction_session_timeout
        "25P04": .session,  // transaction_timeout
        "42501": .access,  // insufficient_privilege
        "55006": .busy,  // object_in_use
        "55P03": .busy,  // lock_not_available, also after lock_timeout
        "57P01": .session,  // admin_shutdown, also pg_terminate_backend
        "57P02": .session,  // crash_shutdown
        "57P03": .session,  // cannot_connect_now: the server starts or ends
        "57P04": .session,  // database_dropped
        "57P05": .session,  // idle_session_timeout
    ]

    /// The classes of the appendix "PostgreSQL Error Codes".
    static let classes: [Substring: Meaning] = [
        "00": .program,  // successful completion: never an error
        "01": .program,  // warning
        "02": .program,  // no data
        "03": .program,  // SQL statement not yet complete
        "08": .session,  // connection exception; what poolers report, too
        "09": .program,  // triggered action exception
        "0A": .program,  // feature not supported
        "0B": .program,  // invalid transaction initiation
        "0F": .program,  // locator exception
        "0L": .access,  // invalid grantor
        "0P": .access,  // invalid role specification
        "0Z": .program,  // diagnostics exception
        "10": .value,  // XQuery error
        "20": .program,  // case not found
        "21": .program,  // cardinality violation
        "22": .value,  // data exception
        "23": .value,  // integrity constraint violation
        "24": .program,  // invalid cursor state
        "25": .program,  // invalid transaction state
        "26": .program,  // invalid SQL statement name
        "27": .program,  // triggered data change violation
        "28": .access,  // invalid authorization specification
        "2B": .program,  // dependent privilege descriptors still exist
        "2D": .program,  // invalid transaction termination
        "2F": .program,  // SQL routine exception
        "34": .program,  // invalid cursor name
        "38": .program,  // external routine exception
        "39": .program,  // external routine invocation exception
        "3B": .program,  // savepoint exception
        "3D": .access,  // invalid catalog name
        "3F": .program,  // invalid schema name
        "40": .conflict,  // transaction rollback
        "42": .program,  // syntax error or access rule violation
        "44": .value,  // WITH CHECK OPTION violation
        "53": .busy,  // insufficient resources
        "54": .value,  // program limit exceeded, such as a value too large for an index
        "55": .program,  // object not in prerequisite state
        "57": .busy,  // operator intervention, such as 57014: statement_timeout, pg_cancel_backend
        "58": .busy,  // system error: input and output outside of PostgreSQL
        "72": .busy,  // snapshot failure
        "F0": .server,  // configuration file error
        "HV": .program,  // foreign data wrapper error
        "P0": .value,  // PL/pgSQL error: what triggers and functions raise
        "XX": .server,  // internal error
    ]
}
