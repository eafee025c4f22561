import DequeModule

/// The books of one connection in pipeline mode: what was sent, in order, and what each reply means for it.
///
/// It knows neither libpq nor sockets: its owner tells it what it sends and feeds it the replies. A *group* is what
/// stands before one Sync, and with that one implicit transaction. The sequence of replies (libpq 15): each statement
/// gives its result and an `end`, each Sync gives `sync` without one; after a failure the rest of the group is
/// `aborted`; and what fails at the commit itself comes as a failure that no statement owns, before its `sync`.
struct PipelineStateMachine<Request: PipelineRequest, Rows> {
    typealias Outcome = Resolution<Request, Rows>

    enum Slot {
        case query(Request, generation: Int)
        /// A query whose task was cancelled: its replies still arrive, and are dropped.
        case abandoned(StatementKey, generation: Int)
        case prepare(StatementKey, generation: Int)
        /// One statement of an atomic request, which ends with one Sync.
        case part(StatementKey, generation: Int)
        /// Something sent for the connection's own sake, whose result does not matter.
        case housekeeping
        /// The end of a group. It answers the atomic request that the group is, unless there is none or its task was
        /// cancelled.
        case sync(atomic: Request?)
        /// Several statements in one simple query, out of pipeline mode.
        case script(Request?, result: Result<Rows, PostgresError>?)
        /// A COPY: the continuations of its beginning and of its end.
        case copy(start: Request?, end: Request?, result: Result<Rows, PostgresError>?)
    }

    /// Connections that many tasks share must not be left inside a transaction by any of them: the writes of the others
    /// would seem committed.
    let isShared: Bool
    /// The server was chosen because it takes writes: when it refuses one as read-only, another has taken its place.
    let leavesReadOnlyServers: Bool
    /// The server has refused a write as read-only, though it was chosen because it takes writes.
    private(set) var isDemoted = false
    /// A failure has shown that the session is unusable; see ``SQLState/Meaning/session``.
    private(set) var hasLostSession = false
    var slots: Deque<Slot> = []
    /// Syncs that are not back: groups in flight.
    var groupsInFlight = 0
    var statements: StatementCache
    /// Of the group at the head: what waits for its Sync, its first failure, and the statement that did not prepare.
    var held: [Held] = []
    var groupFailure: PostgresError?
    var unprepared: (key: StatementKey, error: PostgresError)?
    /// Of the atomic request at the head: what its statements have answered, and whether it may be sent again because
    /// the server refused to run one of them.
    var parts: [Rows] = []
    var isRepeatable = false
    /// No request's time is over before this.
    var nextDeadline = CoarseInstant.never

    struct Held {
        let request: Request
        var result: Result<Rows, PostgresError>
    }

    init(isShared: Bool, leavesReadOnlyServers: Bool = false, statements: StatementCache = StatementCache()) {
        self.isShared = isShared
        self.leavesReadOnlyServers = leavesReadOnlyServers
        self.statements = statements
    }

    /// Replies are still to come.
    var isBusy: Bool { !slots.isEmpty }

    /// The slot at the head is a script or a COPY, so that the connection is out of pipeline mode.
    var isInSimpleQuery: Bool {
        switch slots.first {
        case .script, .copy: true
        default: false
        }
    }

    var isInCopy: Bool {
        if case .copy = slots.first { true } else { false }
    }
}

// MARK: - Sending

extension PipelineStateMachine {
    /// How to send a request that was just entered.
    struct Execution {
        let name: String
        /// The statement has to be prepared under the name first.
        let isNew: Bool
    }

    /// Enters a request as the next of the group that is being put together.
    mutating func append(_ request: Request) -> Execution {
        let (entry, isNew) = statements.entry(for: request.key)
        if isNew { slots.append(.prepare(request.key, generation: entry.generation)) }
        slots.append(.query(request, generation: entry.generation))
        nextDeadline = min(nextDeadline, request.deadline)
        return Execution(name: entry.name, isNew: isNew)
    }

    /// Enters a statement of the connection's own.
    mutating func appendHousekeeping() { slots.append(.housekeeping) }

    /// Ends the group with a Sync.
    mutating func seal() {
        slots.append(.sync(atomic: nil))
        groupsInFlight += 1
    }

    /// Enters a script. Only while not busy.
    mutating func appendScript(_ request: Request) {
        precondition(!isBusy, "a script needs the connection for itself")
        slots.append(.script(request, result: nil))
        nextDeadline = min(nextDeadline, request.deadline)
    }

    /// Enters a COPY. Only while not busy. Into the server, the end is entered later.
    mutating func appendCopy(start: Request, end: Request?) {
        precondition(!isBusy, "a COPY needs the connection for itself")
        slots.append(.copy(start: start, end: end, result: nil))
        nextDeadline = min(nextDeadline, start.deadline)
    }

    mutating func endCopy(_ request: Request) {
        guard case .copy(let start, _, let result) = slots.first else { return }
        slots[0] = .copy(start: start, end: request, result: result)
        nextDeadline = min(nextDeadline, request.deadline)
    }

    /// Names of prepared statements to deallocate, which must be done between groups.
    mutating func evictStatements() -> [String] { statements.evict() }

    /// The server has forgotten all prepared statements, or will have by the next request.
    mutating func forgetStatements() { statements.removeAll() }

    /// Turns a request into a tombstone because its task was cancelled: the request, to be answered now.
    mutating func abandon(_ id: RequestID) -> Request? {
        if let index = held.firstIndex(where: { $0.request.id == id }) { return held.remove(at: index).request }
        for index in slots.indices {
            switch slots[index] {
            case .query(let request, let generation) where request.id == id:
                slots[index] = .abandoned(request.key, generation: generation)
                return request
            case .sync(atomic: let request?) where request.id == id:
                slots[index] = .sync(atomic: nil)
                return request
            case .script(let request?, let result) where request.id == id:
                slots[index] = .script(nil, result: result)
                return request
            case .copy(let request?, let end, let result) where request.id == id:
                slots[index] = .copy(start: nil, end: end, result: result)
                return request
            case .copy(let start, let request?, let result) where request.id == id:
                slots[index] = .copy(start: start, end: nil, result: result)
                return request
            default: continue
            }
        }
        return nil
    }
}

extension PipelineStateMachine {
    /// Whether the group at the head, which is what the server is at work on, has the request in it.
    func isAtWork(on id: RequestID) -> Bool {
        for slot in slots {
            switch slot {
            case .query(let request, _) where request.id == id: return true
            case .sync(let request): return request?.id == id
            default: continue
            }
        }
        return false
    }
}

// MARK: - Time

extension PipelineStateMachine {
    /// Fails the requests whose time is over and leaves tombstones in their place.
    mutating func expire(at now: CoarseInstant, into outcomes: inout [Outcome]) {
        guard nextDeadline <= now else { return }
        held.removeAll { entry in
            // What is known to have failed is told as that.
            guard entry.request.deadline <= now, case .failure = entry.result else { return false }
            outcomes.append(Self.outcome(of: entry))
            return true
        }
        let failed = failedAtomicRequest
        for request in waitingRequests where request.deadline <= now {
            guard let request = abandon(request.id) else { continue }
            let failure = request.id == failed?.request.id ? failed?.error : nil
            outcomes.append(.failed(request, failure ?? .timeout(isUnknown: request.policy.isUnknownAfterLoss)))
        }
        nextDeadline = waitingRequests.lazy.map(\.deadline).min() ?? .never
    }

    /// Somebody still waits for something that was sent.
    var isAwaited: Bool { !waitingRequests.isEmpty }

    private var waitingRequests: [Request] {
        held.map(\.request)
            + slots.flatMap { slot -> [Request] in
                switch slot {
                case .query(let request, _), .script(let request?, _), .sync(atomic: let request?): [request]
                case .copy(let start, let end, _): [start, end].compactMap { $0 }
                case .script(nil, _), .abandoned, .prepare, .part, .housekeeping, .sync(atomic: nil): []
                }
            }
    }
}

extension PostgresError {
    /// The time of a request that was sent is over.
    /// - Parameter isUnknown: It may happen yet.
    static func timeout(isUnknown: Bool) -> PostgresError {
        isUnknown
            ? PostgresError(.outcomeUnknown, "the commit was not confirmed before the time of the request was over")
            : PostgresError(.timeout, "the server did not answer before the time of the request was over")
    }

    static var unsentTimeout: PostgresError {
        PostgresError(.timeout, "the request could not be sent before its time was over")
    }
}

// MARK: - Loss

extension PipelineStateMachine {
    /// Decides about everything in flight when the connection is gone, oldest first, and forgets it.
    mutating func lose(_ error: PostgresError, into outcomes: inout [Outcome]) {
        for entry in held {
            if case .failure = entry.result {
                outcomes.append(Self.outcome(of: entry))
            } else {
                lose(entry.request, error, into: &outcomes)
            }
        }
        let failed = failedAtomicRequest
        for slot in slots {
            switch slot {
            case .sync(atomic: let request?) where request.id == failed?.request.id:
                outcomes.append(.failed(request, failed?.error ?? error))
            case .query(let request, _), .script(let request?, _), .sync(atomic: let request?):
                lose(request, error, into: &outcomes)
            case .copy(let start, let end, _):
                for request in [start, end].compactMap({ $0 }) { lose(request, error, into: &outcomes) }
            case .script(nil, _), .abandoned, .prepare, .part, .housekeeping, .sync(atomic: nil): break
            }
        }
        self = PipelineStateMachine(
            isShared: isShared, leavesReadOnlyServers: leavesReadOnlyServers,
            statements: StatementCache(capacity: statements.capacity))
    }

    private func lose(_ request: Request, _ error: PostgresError, into outcomes: inout [Outcome]) {
        if restart(request, into: &outcomes, if: { $0 == .read }) { return }
        let code: PostgresError.Code = request.policy.isUnknownAfterLoss ? .outcomeUnknown : error.code
        outcomes.append(.failed(request, PostgresError(code, error.message)))
    }

    /// Notes whether a failure means that the session is unusable.
    mutating func losesSession(_ failure: PostgresServerError) -> Bool {
        guard failure.sqlState.meaning == .session else { return false }
        if failure.sqlState == .readOnlyTransaction {
            guard leavesReadOnlyServers else { return false }
            isDemoted = true
        }
        hasLostSession = true
        return true
    }

    /// Sends the request again if its policy allows it and it was not done too often.
    func restart(
        _ request: Request, into outcomes: inout [Outcome], if allowed: (RequestPolicy) -> Bool
    ) -> Bool {
        var request = request
        guard allowed(request.policy), request.attempts.countRestart() else { return false }
        outcomes.append(.resend(request))
        return true
    }
}
