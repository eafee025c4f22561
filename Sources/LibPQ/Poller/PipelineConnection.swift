import CLibPQ
import DequeModule
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
    /// The servers that this attempt to connect still has; the first is this connection's.
    let attempt: ConnectionAttempt
    /// Why the connection is encrypted as it is, for errors.
    private let tlsReason: String
    var pipeline: PipelineStateMachine<Request, PostgresRows>
    /// The descriptor and the events that the poller watches; libpq may change both while it connects.
    var watched: (descriptor: Int32, events: UInt32)?
    /// libpq has bytes that the socket did not take yet.
    var needsWrite = false
    var lastHeard: Instant
    /// When an answer to a sign of life that was asked for has to be there.
    var pingDeadline: Instant?
    /// It takes nothing new and is closed when nothing is left to be answered.
    var isRetiring = false
    /// The poller has given it up.
    var isForgotten = false
    /// What waits for the answer to a sign of life, since it needs the connection for itself.
    var waitingQuery: SimpleQuery?
    /// Who is going to read the `COPY` that was sent.
    var copyReader: CopyOutChannel?
    var copyFlow: CopyFlow?
    /// Bytes of a `COPY` that the socket has not taken yet.
    var copyWrite: Request?
    /// The socket is not read, since the reader of a `COPY` has enough.
    var isPaused = false
    /// When the groups in flight were sent.
    var sendTimes: Deque<Instant> = []
    /// When the simple query that is under way was sent.
    var simpleQuerySent: Instant?
    /// When it was last announced that an answer is outstanding.
    var announcedSlowness: Instant?
    /// How long the groups took that have come back and are not recorded yet.
    var roundTrips: [Duration] = []
    var vectors = ParameterVectors()
    let counters: ClientCounters
    /// What the group that is being put together holds.
    var unsealed = (statements: 0, transactions: 0)
    var outcomes: [Resolution<Request, PostgresRows>] = []

    /// Begins to connect. Names are resolved here, and libpq blocks meanwhile.
    init(
        id: ConnectionID, role: Role, _ configuration: PostgresConfiguration, _ attempt: ConnectionAttempt,
        at now: Instant, counters: ClientCounters
    ) throws(PostgresError) {
        guard let candidate = attempt.candidate else {
            throw PostgresError(.connection, "the configuration names no server")
        }
        let environment = LibPQEnvironment.current
        try configuration.checkCertificateFiles(for: candidate.host, in: environment)
        let parameters = configuration.libpqParameters(for: candidate, in: environment)
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
        self.attempt = attempt
        self.tlsReason = configuration.tlsChoice(in: environment).reason
        self.counters = counters
        self.phase = .connecting(deadline: now + attempt.share(at: now))
        self.pipeline = PipelineStateMachine(
            isShared: role.isShared,
            leavesReadOnlyServers: role != .reads && configuration.targetSessionAttributes.needsWrites)
        self.lastHeard = now
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        // The only way to learn the SQLSTATE of a refused login is from its text.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    }

    deinit { PQfinish(handle) }

    var isConnecting: Bool { if case .connecting = phase { true } else { false } }

    var isReady: Bool { if case .ready = phase { true } else { false } }

    /// How many more groups may be sent, so that one is being worked on and one is waiting behind it.
    var room: Int { isReady && !isRetiring ? max(0, 2 - pipeline.groupsInFlight) : 0 }
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
        let isFinal = refusal.isFinal || PQconnectionNeedsPassword(handle) == 1
        let explanation =
            switch refusal.cause {
            case .tls: " (\(tlsReason))"
            case .pooler: "; \(PostgresSessionError.shared)"
            case .access, .readOnly, nil: ""
            }
        return .failed(PostgresError(refusal.code, refusal.message + explanation), isFinal: isFinal)
    }
}
