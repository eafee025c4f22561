import CLibPQ
import Glibc
import Logging
import Synchronization

/// The thread that owns all connections of a client: it takes requests from the mailbox, sends them in batches,
/// sleeps until a socket or the mailbox has something, and hands the answers to the tasks.
///
/// All libpq calls are made here, so that nothing needs a lock; see <doc:PollerDesign>.
final class Poller {
    typealias Instant = ContinuousClock.Instant
    typealias Role = PipelineConnection.Role

    let mailbox: Mailbox
    let configuration: PostgresConfiguration
    let pool: PostgresPoolConfiguration
    let logger: Logger
    let metrics: ClientMetrics
    let epoll: Int32
    /// So few that a search among them costs less than hashing.
    var connections: [PipelineConnection] = []
    /// Those of them to send on.
    var readers: [PipelineConnection] = []
    var writers: [PipelineConnection] = []
    var supplies: PerRole<ConnectionSupply>
    var breaker: CircuitBreaker
    var servers: ServerOrder
    /// The kind of connections whose last attempt failed: it is the one to probe with.
    var failedRole = Role.reads
    var listening = ListenRegistry()
    var now = Instant.now
    var coarseNow = CoarseInstant.now
    /// What is answered once the next requests are on their way: to keep the server busy comes first.
    var answers: [Answer] = []
    var returnedReads: [Request] = []
    var returnedWrites: [Request] = []
    var commands: [PollerCommand] = []
    var batch: [Request] = []
    /// What waits in the mailbox, as of the last look.
    var waiting = Waiting()
    /// Something has happened since the levels were told.
    var hasWorked = true
    var lastMeasurement = Instant.now
    var measured = PostgresStatistics()
    /// When the connections were last looked at for what time asks for, and whether the last sleep ended because
    /// something was due.
    var lastMaintenance = Instant.now
    var isAwakeForDeadline = false
    private var turnsSincePoll = 0
    private var lastConnection: UInt64 = 0

    /// What a task is about to be told.
    enum Answer {
        case rows(QueryContinuation, Result<PostgresRows, any Error>)
        case atomic(RequestContinuation<[PostgresRows]>, Result<[PostgresRows], any Error>)

        func deliver() {
            switch self {
            case .rows(let continuation, let result): continuation.resume(with: result)
            case .atomic(let continuation, let result): continuation.resume(with: result)
            }
        }
    }

    struct Waiting {
        var reads = 0
        var writes = 0
        var leases = 0
        var leaseDeadline: Instant?
        var requestDeadline = CoarseInstant.never
    }

    init(
        mailbox: Mailbox, _ configuration: PostgresConfiguration, _ pool: PostgresPoolConfiguration, _ logger: Logger,
        _ metrics: ClientMetrics
    ) {
        self.mailbox = mailbox
        self.configuration = configuration
        self.pool = pool
        self.logger = logger
        self.metrics = metrics
        self.servers = ServerOrder(configuration)
        self.breaker = CircuitBreaker(pool.circuitBreaker)
        supplies = PerRole { role in
            let limit =
                switch role {
                case .reads: pool.readConnections
                case .writes: pool.writeConnections
                case .leases: pool.leasedConnections
                case .listener: 1
                }
            return ConnectionSupply(limit: limit, timeout: configuration.connectTimeout)
        }
        epoll = libpq_epoll_create()
        precondition(epoll >= 0, "no file descriptor is left for a PostgreSQL client")
        _ = libpq_epoll_control(epoll, EPOLL_CTL_ADD, mailbox.wakeup, LIBPQ_EPOLLIN | LIBPQ_EPOLLET, 0)
    }

    deinit { close(epoll) }

    /// Works until the client is closed and nothing is left to do.
    func run() {
        libpq_thread_gives_way()
        while true {
            now = .now
            coarseNow = .now
            let exchange = exchange()
            if exchange.isOver { break }
            maintain()
            measure()
            let hasAnswers = !answers.isEmpty
            deliverAnswers()
            rest(blocking: exchange.mayBlock && !hasAnswers && returnedReads.isEmpty && returnedWrites.isEmpty)
        }
        finish()
    }

    /// Sleeps if there is nothing to do; else looks at the sockets, but not after every turn: what was just sent is not
    /// answered yet, and what is answered may bring the next requests. Full windows end such a series of turns.
    private func rest(blocking: Bool) {
        turnsSincePoll += 1
        guard blocking || turnsSincePoll >= Self.turnLimit else { return }
        turnsSincePoll = 0
        wait(blocking: blocking)
    }

    private static var turnLimit: Int { 4 }

    func connection(_ id: ConnectionID) -> PipelineConnection? { connections.first { $0.id == id } }

    func nextConnectionID() -> ConnectionID {
        lastConnection += 1
        return ConnectionID(rawValue: lastConnection)
    }

    private func deliverAnswers() {
        for answer in answers { answer.deliver() }
        answers.removeAll(keepingCapacity: true)
    }

    private func finish() {
        listening.finishAll()
        connections.removeAll()
        let closers = mailbox.state.withLock { state in
            state.phase = .closed
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}

// MARK: - Sleeping

extension Poller {
    private static let eventLimit = 32

    private func wait(blocking: Bool) {
        let timeout = blocking ? millisecondsToNextDeadline() : 0
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.eventLimit) { events in
            let count = epoll_wait(epoll, events.baseAddress, Int32(Self.eventLimit), timeout)
            if blocking { mailbox.counters.countWakeup() }
            isAwakeForDeadline = blocking && count == 0
            guard count > 0 else { return }
            now = .now
            coarseNow = .now
            for index in 0..<Int(count) {
                // Tag 0 is the mailbox, which is looked into anyway.
                let id = ConnectionID(rawValue: libpq_epoll_tag(events.baseAddress! + index))
                if let connection = connection(id) { proceed(connection) }
                hasWorked = true
            }
        }
    }

    /// -1 if there is none.
    private func millisecondsToNextDeadline() -> Int32 {
        var next = waiting.leaseDeadline
        func consider(_ deadline: Instant?) {
            if let deadline { next = min(next ?? deadline, deadline) }
        }
        consider(nextMeasurement)
        var isWanted = breaker.state == .open
        for role in Role.allCases {
            let demand = demand(for: role)
            guard demand > 0 else { continue }
            consider(supplies[role].nextDeadline)
            isWanted = isWanted || supplies[role].wantsConnection(demand: demand)
        }
        if isWanted { consider(breaker.nextDeadline) }
        for connection in connections { consider(deadline(of: connection)) }
        let toDeadline = next.map { ($0 - now).milliseconds }
        let toRequestDeadline = nextRequestDeadline == .never ? nil : nextRequestDeadline.since(.now)
        guard let shortest = [toDeadline, toRequestDeadline].compactMap({ $0 }).min() else { return -1 }
        return Int32(clamping: max(0, shortest))
    }

    /// When the next time-out of a request has to be looked after.
    var nextRequestDeadline: CoarseInstant {
        connections.reduce(waiting.requestDeadline) { min($0, $1.nextRequestDeadline) }
    }

    private func deadline(of connection: PipelineConnection) -> Instant? {
        if case .connecting(let deadline) = connection.phase { return deadline }
        let slowness = slownessDeadline(of: connection)
        if let deadline = connection.pingDeadline { return min(deadline, slowness ?? deadline) }
        return connection.isBusy ? slowness : connection.lastHeard + pool.healthCheckInterval
    }
}
