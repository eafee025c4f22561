@testable import LibPQ

/// A state machine without a connection: requests are named by their text, rows are the text of an answer.
struct PipelineRig {
    struct Query: PipelineRequest, Equatable, CustomStringConvertible {
        let id: RequestID
        let key: StatementKey
        let policy: RequestPolicy
        let deadline: CoarseInstant
        var attempts = RequestAttempts()

        /// - Parameter time: When its time is over; `nil` is never.
        init(_ sql: String, _ policy: RequestPolicy, id: UInt64 = 0, time: Int64? = nil) {
            self.id = RequestID(rawValue: id)
            self.key = StatementKey(statement: PostgresStatement(sql), signature: 0)
            self.policy = policy
            self.deadline = CoarseInstant(milliseconds: 0).advanced(by: time)
        }

        var description: String { key.statement.sql }
    }

    typealias Machine = PipelineStateMachine<Query, String>

    var machine: Machine
    /// What happened to requests, in order: `a: rows`, `b! 22012`, `c again`.
    private(set) var log: [String] = []
    /// The requests that are to be sent again.
    private(set) var returned: [Query] = []
    private(set) var closed: PostgresError?

    init(isShared: Bool = true, leavesReadOnlyServers: Bool = false) {
        machine = Machine(isShared: isShared, leavesReadOnlyServers: leavesReadOnlyServers)
    }

    /// Sends a group: the requests and their Sync. The statements that had to be prepared for it.
    @discardableResult
    mutating func send(_ requests: [Query]) -> [String] {
        let prepared = requests.filter { machine.append($0).isNew }.map(\.description)
        machine.seal()
        return prepared
    }

    @discardableResult
    mutating func send(_ policy: RequestPolicy, _ statements: String...) -> [String] {
        send(statements.map { Query($0, policy) })
    }

    /// Sends statements as one atomic request, which is known by the name `atomic`. What had to be prepared for it.
    @discardableResult
    mutating func sendAtomically(_ statements: [String], id: UInt64 = 0, time: Int64? = nil) -> [String] {
        sendAtomically(Query("atomic", .write, id: id, time: time), statements)
    }

    @discardableResult
    mutating func sendAtomically(_ request: Query, _ statements: [String]) -> [String] {
        let keys = statements.map { StatementKey(statement: PostgresStatement($0), signature: 0) }
        let executions = machine.append(atomic: request, keys)
        return zip(statements, executions).filter(\.1.isNew).map(\.0)
    }

    mutating func receive(_ replies: PipelineReply<String>...) {
        for reply in replies where closed == nil {
            var outcomes: [Machine.Outcome] = []
            if case .close(let error) = machine.receive(reply, into: &outcomes) { closed = error }
            record(outcomes)
        }
    }

    /// The replies to statements that are prepared and succeed, and to what follows.
    mutating func succeed(_ rows: String...) {
        for row in rows { receive(.rows(row), .end) }
    }

    mutating func expire(at time: Int64) {
        var outcomes: [Machine.Outcome] = []
        machine.expire(at: CoarseInstant(milliseconds: time), into: &outcomes)
        record(outcomes)
    }

    mutating func lose() {
        var outcomes: [Machine.Outcome] = []
        machine.lose(closed ?? PostgresError(.connectionLost, "gone"), into: &outcomes)
        record(outcomes)
    }

    private mutating func record(_ outcomes: [Machine.Outcome]) {
        for outcome in outcomes {
            switch outcome {
            case .succeeded(let request, let rows): log.append("\(request): \(rows)")
            case .committed(let request, let rows): log.append("\(request): \(rows.joined(separator: ", "))")
            case .failed(let request, let error):
                let index = error.statementIndex.map { " in statement \($0)" } ?? ""
                log.append("\(request)! \(error.sqlState.map { "\($0)" } ?? "\(error.code)")\(index)")
            case .resend(let request):
                log.append("\(request) again")
                returned.append(request)
            }
        }
    }
}

extension PipelineReply {
    static func error(_ state: SQLState) -> Self { .failure(PostgresServerError(state, "it failed")) }

    static var fatal: Self { .failure(PostgresServerError(.adminShutdown, "terminated", severity: "FATAL")) }

    static var planChanged: Self {
        .failure(PostgresServerError(.featureNotSupported, "changed", routine: "RevalidateCachedQuery"))
    }
}
