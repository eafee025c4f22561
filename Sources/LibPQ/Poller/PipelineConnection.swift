import CLibPQ
import Glibc

/// A `PGconn` in pipeline mode, with its state machine. Confined to the poller's thread.
final class PipelineConnection {
    typealias Instant = ContinuousClock.Instant

    enum Role: String, CaseIterable {
        /// Shared by reads; its session refuses to write.
        case reads
        /// Shared by autocommitted writes.
        case writes
        case leases
        case listener

        var isShared: Bool { self == .reads || self == .writes }
    }

    enum Phase {
        case connecting(deadline: Instant)
        case ready
        /// A returned lease is being cleaned; who returned it waits.
        case cleaning(CheckedContinuation<Void, Never>)
    }

    let id: ConnectionID
    let role: Role
    let handle: OpaquePointer
    var phase: Phase
    var pipeline: PipelineStateMachine<Request, PostgresRows>
    /// The descriptor and the events that the poller watches; libpq may change both while it connects.
    var watched: (descriptor: Int32, events: UInt32)?
    /// libpq has bytes that the socket did not take yet.
    private(set) var needsWrite = false
    private(set) var lastHeard: Instant
    /// When an answer to a sign of life that was asked for has to be there.
    private(set) var pingDeadline: Instant?
    /// A script that waits for the answer to a sign of life, since it needs the connection for itself.
    private var waitingScript: Request?
    private var vectors = ParameterVectors()
    private var outcomes: [Resolution<Request, PostgresRows>] = []

    /// Begins to connect. Names are resolved here, and libpq blocks meanwhile.
    init(
        id: ConnectionID, role: Role, _ configuration: PostgresConfiguration, at now: Instant
    ) throws(PostgresError) {
        let parameters = configuration.libpqParameters
        var keywords: [UnsafePointer<CChar>?] = parameters.map { UnsafePointer(strdup($0.keyword)) }
        var values: [UnsafePointer<CChar>?] = parameters.map { UnsafePointer(strdup($0.value)) }
        defer { for text in keywords + values { free(UnsafeMutablePointer(mutating: text)) } }
        keywords.append(nil)
        values.append(nil)
        guard let handle = PQconnectStartParams(keywords, values, 0) else {
            throw PostgresError(.connection, "out of memory")
        }
        self.id = id
        self.role = role
        self.handle = handle
        self.phase = .connecting(deadline: now + configuration.connectTimeout)
        self.pipeline = PipelineStateMachine(isShared: role.isShared)
        self.lastHeard = now
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        // The only way to learn the SQLSTATE of a refused login is from its text.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    }

    deinit { PQfinish(handle) }

    var isReady: Bool { if case .ready = phase { true } else { false } }

    /// How many more groups may be sent, so that one is being worked on and one is waiting behind it.
    var room: Int { isReady ? max(0, 2 - pipeline.groupsInFlight) : 0 }
}

// MARK: - Connecting

extension PipelineConnection {
    enum Progress {
        case wait(events: UInt32)
        case connected
        case failed(PostgresError, isFinal: Bool)
    }

    /// Goes on with connecting as far as it goes without waiting.
    func advanceConnecting() -> Progress {
        guard PQstatus(handle) != CONNECTION_BAD else { return failure() }
        switch PQconnectPoll(handle) {
        case PGRES_POLLING_READING: return .wait(events: LIBPQ_EPOLLIN)
        case PGRES_POLLING_WRITING: return .wait(events: LIBPQ_EPOLLOUT)
        case PGRES_POLLING_OK: return enterPipelineMode() ? .connected : failure()
        default: return failure()
        }
    }

    private func enterPipelineMode() -> Bool {
        phase = .ready
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else { return false }
        // Reads are sent again when their connection is lost, so the server has to hold them to being reads.
        // It goes ahead of the first read; set as a start-up option it would contradict target_session_attrs.
        return role != .reads || sendHousekeeping("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    }

    private func failure() -> Progress {
        let refusal = LoginRefusal(text: String(cString: PQerrorMessage(handle)))
        let needsPassword = PQconnectionNeedsPassword(handle) == 1
        return .failed(PostgresError(.connection, refusal.message), isFinal: refusal.isFinal || needsPassword)
    }
}

// MARK: - Sending

/// Each returns `false` if libpq refused, which means that the connection is lost.
extension PipelineConnection {
    /// Puts a request into the current group.
    func send(_ request: Request) -> Bool {
        let execution = pipeline.append(request)
        let count = Int32(request.parameters.count)
        return vectors.withVectors(of: request.parameters) { types, values, lengths, formats in
            if execution.isNew, PQsendPrepare(handle, execution.name, request.key.statement.sql, count, types) != 1 {
                return false
            }
            return PQsendQueryPrepared(handle, execution.name, count, values, lengths, formats, 1) == 1
        }
    }

    /// Ends the group, and writes it.
    func seal() -> Bool {
        pipeline.seal()
        return PQpipelineSync(handle) == 1 && flush()
    }

    /// A statement of the connection's own, as a group of its own.
    func sendHousekeeping(_ sql: String) -> Bool {
        pipeline.appendHousekeeping()
        return PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 1) == 1 && seal()
    }

    /// Deallocates what the cache of prepared statements has no room for.
    func trimStatements() -> Bool {
        pipeline.evictStatements().allSatisfy { sendHousekeeping("DEALLOCATE \($0)") }
    }

    /// Leaves pipeline mode for one simple query.
    func sendScript(_ request: Request) -> Bool {
        guard !pipeline.isBusy else {
            waitingScript = request
            return true
        }
        guard PQexitPipelineMode(handle) == 1 else { return false }
        pipeline.appendScript(request)
        return PQsendQuery(handle, request.key.statement.sql) == 1 && flush()
    }

    /// Asks for a sign of life, with an empty group.
    func ping(until deadline: Instant) -> Bool {
        pingDeadline = deadline
        return seal()
    }

    func flush() -> Bool {
        let answer = PQflush(handle)
        needsWrite = answer == 1
        return answer >= 0
    }
}

extension PipelineConnection {
    /// Takes the request away whose task was cancelled, if it is here. What was sent runs on, for nobody.
    func abandon(_ id: RequestID) -> Request? {
        if waitingScript?.id == id { return waitingScript.take() }
        return pipeline.abandon(id)
    }

    /// Something was sent whose answer is not there.
    var isBusy: Bool { pipeline.isBusy || waitingScript != nil }
}

// MARK: - Receiving

extension PipelineConnection {
    /// Reads what the socket has and works off the replies that are complete.
    /// - Returns: why the connection cannot go on, if so.
    func receive(at now: Instant, _ deliver: (Resolution<Request, PostgresRows>) -> Void) -> PostgresError? {
        lastHeard = now
        pingDeadline = nil
        let isConnected = PQconsumeInput(handle) == 1
        var reason = drain()
        if reason == nil, !pipeline.isBusy, let script = waitingScript.take(), !sendScript(script) {
            reason = PostgresError(.connectionLost, "the script could not be sent")
        }
        if reason == nil, !isConnected || PQstatus(handle) == CONNECTION_BAD {
            reason = PostgresError(.connectionLost, "the server closed the connection")
        }
        deliverOutcomes(deliver)
        return reason
    }

    /// Decides about all that is in flight; the connection is of no use afterwards.
    func lose(_ error: PostgresError, _ deliver: (Resolution<Request, PostgresRows>) -> Void) {
        pipeline.lose(error, into: &outcomes)
        if let script = waitingScript.take() {
            outcomes.append(.failed(script, PostgresError(.connectionLost, error.message)))
        }
        deliverOutcomes(deliver)
    }

    private func deliverOutcomes(_ deliver: (Resolution<Request, PostgresRows>) -> Void) {
        for outcome in outcomes { deliver(outcome) }
        outcomes.removeAll(keepingCapacity: true)
    }

    private func drain() -> PostgresError? {
        while pipeline.isBusy, PQisBusy(handle) == 0 {
            let wasInScript = pipeline.isInScript
            if case .close(let error) = pipeline.receive(nextReply(), into: &outcomes) { return error }
            if wasInScript, !pipeline.isInScript, PQenterPipelineMode(handle) != 1 {
                return PostgresError(.connectionLost, "the connection did not return to pipeline mode")
            }
        }
        return nil
    }

    private func nextReply() -> PipelineReply<PostgresRows> {
        guard let result = PQgetResult(handle) else { return PQstatus(handle) == CONNECTION_BAD ? .lost : .end }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return .rows(PostgresRows(ResultHandle(result)))
        case PGRES_COMMAND_OK:
            let handle = ResultHandle(result)
            return handle.beginsTransaction ? .began(PostgresRows(handle)) : .rows(PostgresRows(handle))
        default: break
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC: return .sync
        case PGRES_PIPELINE_ABORTED: return .aborted
        case PGRES_FATAL_ERROR: return PostgresServerError(result: result).map { .failure($0) } ?? .lost
        default: return .unsupported
        }
    }

    /// The next notification that has arrived. It may come with any reply, and with none.
    func nextNotification() -> (channel: String, notification: PostgresNotification)? {
        guard let notify = PQnotifies(handle) else { return nil }
        defer { PQfreemem(notify) }
        return (
            String(cString: notify.pointee.relname),
            .received(payload: String(cString: notify.pointee.extra), processID: notify.pointee.be_pid)
        )
    }
}
