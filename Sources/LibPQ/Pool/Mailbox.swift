import CLibPQ
import Synchronization

/// Where tasks leave their requests for the poller, and wake it if it sleeps.
final class Mailbox: Sendable {
    let state: Mutex<ClientState>
    /// An eventfd that the poller sleeps on.
    let wakeup: Int32
    let counters = ClientCounters()
    /// An element whenever the answer to something that was sent has been outstanding for another ``Poller/slowness``.
    let slowRequests: AsyncStream<Void>
    let announceSlowRequest: AsyncStream<Void>.Continuation
    private let lossHandlers = Mutex<[@Sendable () -> Void]>([])
    private let lastID = Atomic<UInt64>(0)

    init(_ pool: PostgresPoolConfiguration) {
        state = Mutex(ClientState(pool))
        (slowRequests, announceSlowRequest) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        wakeup = libpq_eventfd_create()
        precondition(wakeup >= 0, "no file descriptor is left for a PostgreSQL client")
    }

    deinit {
        announceSlowRequest.finish()
        close(wakeup)
    }

    func nextID() -> RequestID {
        RequestID(rawValue: lastID.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    func wake() { libpq_eventfd_signal(wakeup) }

    func post(_ command: PollerCommand) {
        let wakes = state.withLock { state in
            state.commands.append(command)
            return state.takeWake(for: .commands)
        }
        if wakes { wake() }
    }
}

// MARK: - Losses

extension Mailbox {
    func whenConnectionIsLost(_ body: @escaping @Sendable () -> Void) { lossHandlers.withLock { $0.append(body) } }

    func announceLoss() {
        for handle in lossHandlers.withLock({ $0 }) { handle() }
    }
}

// MARK: - Statements

extension Mailbox {
    /// Sends a read or a write on a shared connection and waits for its answer.
    func perform(
        _ policy: RequestPolicy, _ call: PostgresCall, until deadline: CoarseInstant, isCancellable: Bool = true,
        unless interruption: PostgresInterruption? = nil
    ) async throws -> PostgresRows {
        defer { interruption?.arm(nil) }
        return try await perform(isCancellable: isCancellable) { id, continuation in
            interruption?.arm { [weak self] in self?.interrupt(id) }
            return Request(id: id, call, policy: policy, deadline: deadline, addressee: .task(continuation))
        }
    }

    /// Sends statements on a shared connection, to be committed together, and waits for their answers.
    /// - Precondition: There is one at least.
    func perform(
        atomically calls: [PostgresCall], until deadline: CoarseInstant, isCancellable: Bool = true
    ) async throws -> [PostgresRows] {
        try await perform(isCancellable: isCancellable) { id, continuation in
            Request(
                id: id, calls[0], and: Array(calls.dropFirst()), policy: .write, deadline: deadline,
                addressee: .atomic(continuation))
        }
    }

    private func perform<Answer>(
        isCancellable: Bool, _ request: (RequestID, RequestContinuation<Answer>) -> Request
    ) async throws -> Answer {
        let id = nextID()
        func answer() async throws -> Answer {
            try await withRequestContinuation { continuation in
                let refusal = enqueue(request(id, continuation), isCancellable: isCancellable)
                if let refusal { continuation.resume(throwing: refusal) }
            }
        }
        guard isCancellable else { return try await answer() }
        return try await withTaskCancellationHandler(operation: answer) { cancel(id) }
    }

    /// - Returns: Why the request is not accepted, if so.
    private func enqueue(_ request: Request, isCancellable: Bool) -> (any Error)? {
        let isRead = request.policy == .read
        let (refusal, wakes) = state.withLock { state -> ((any Error)?, Bool) in
            // Here and not before: a cancellation that comes later takes the lock after us, and finds the request.
            if isCancellable, Task.isCancelled { return (CancellationError(), false) }
            guard state.phase == .open else { return (PostgresError.clientClosed, false) }
            let isAccepted = isRead ? state.reads.append(request) : state.writes.append(request)
            guard isAccepted else { return (PostgresError.overloaded, false) }
            return (nil, state.takeWake(for: isRead ? .reads : .writes, before: request.deadline))
        }
        if wakes { wake() }
        return refusal
    }

    /// Sends a statement, with what has to go before it, or a script on a leased connection.
    func perform(
        on connection: ConnectionID, isCancellable: Bool = true,
        _ command: (RequestID, QueryContinuation) -> PollerCommand
    ) async throws -> PostgresRows {
        let id = nextID()
        return try await withTaskCancellationHandler {
            try await withRequestContinuation { continuation in
                let wakes: Bool? = state.withLock { state in
                    if isCancellable, Task.isCancelled { return nil }
                    state.commands.append(command(id, continuation))
                    return state.takeWake(for: .commands)
                }
                guard let wakes else { return continuation.resume(throwing: CancellationError()) }
                if wakes { wake() }
            }
        } onCancel: {
            if isCancellable { cancel(id) }
        }
    }

    private func cancel(_ id: RequestID) {
        let (request, waiter, wakes) = state.withLock { state -> (Request?, ClientState.Waiter?, Bool) in
            if let request = state.reads.remove(id) ?? state.writes.remove(id) { return (request, nil, false) }
            if let waiter = state.leases.cancel(id) { return (nil, waiter, false) }
            state.commands.append(.cancel(id))
            return (nil, nil, state.takeWake(for: .commands))
        }
        request?.refuseAsCancelled()
        waiter?.resume(throwing: CancellationError())
        if wakes { wake() }
    }

    /// Takes a write out of the queue, or has the server cancel it.
    private func interrupt(_ id: RequestID) {
        let (request, wakes) = state.withLock { state -> (Request?, Bool) in
            if let request = state.writes.remove(id) { return (request, false) }
            state.commands.append(.interrupt(id))
            return (nil, state.takeWake(for: .commands))
        }
        request?.refuseAsCancelled()
        if wakes { wake() }
    }
}

extension Request {
    /// Answers a request that was not sent.
    fileprivate func refuseAsCancelled() {
        switch addressee {
        case .task(let continuation): continuation.resume(throwing: CancellationError())
        case .atomic(let continuation): continuation.resume(throwing: CancellationError())
        case .listener, .reader, .nobody: break
        }
    }
}

// MARK: - Leases

extension Mailbox {
    /// Borrows a connection: a free one at once, else in the order of the requests.
    func lease(timeout: Duration) async throws -> ConnectionID {
        let id = nextID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let (answer, wakes) = state.withLock { state -> (Result<ConnectionID, any Error>?, Bool) in
                    if Task.isCancelled { return (.failure(CancellationError()), false) }
                    guard state.phase == .open else { return (.failure(PostgresError.clientClosed), false) }
                    if let connection = state.leases.lend() { return (.success(connection), false) }
                    guard state.leases.wait(waiter, id: id, until: .now + timeout) else {
                        return (.failure(PostgresError.overloaded), false)
                    }
                    return (nil, state.takeWake(for: .commands))
                }
                if wakes { wake() }
                if let answer { waiter.resume(with: answer) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Returns a connection that is known to be clean.
    func giveBack(_ connection: ConnectionID) {
        let (waiter, wakes) = state.withLock { state in
            if state.leases.isRetired(connection) {
                state.commands.append(.close(connection))
                return (nil as ClientState.Waiter?, state.takeWake(for: .commands))
            }
            let waiter = state.leases.giveBack(connection)
            return (waiter, state.phase == .closing && state.takeWake(for: .commands))
        }
        waiter?.resume(returning: connection)
        if wakes { wake() }
    }

    /// Returns a connection after something went wrong, or whose session was used at will: it is cleaned or closed.
    func reclaim(_ connection: ConnectionID, reset: Bool) async {
        await withCheckedContinuation { post(.reclaim(connection, reset: reset, $0)) }
    }
}

// MARK: - Listening

extension Mailbox {
    func subscribe(
        to channel: String, _ stream: AsyncThrowingStream<PostgresNotification, any Error>.Continuation
    ) {
        let id = nextID()
        stream.onTermination = { [weak self] _ in self?.post(.unsubscribe(id)) }
        let (isOpen, wakes) = state.withLock { state in
            guard state.phase == .open else { return (false, false) }
            state.commands.append(.subscribe(Subscription(id: id, channel: channel, stream: stream)))
            return (true, state.takeWake(for: .commands))
        }
        if wakes { wake() }
        if !isOpen { stream.finish(throwing: PostgresError.clientClosed) }
    }
}

// MARK: - The end

extension Mailbox {
    /// Accepts nothing more.
    func beginClosing() {
        let wakes = state.withLock { state in
            if state.phase == .open { state.phase = .closing }
            return state.takeWake(for: .commands)
        }
        if wakes { wake() }
    }

    /// Waits until the poller has finished everything.
    func closed() async {
        await withCheckedContinuation { closer in
            let isClosed = state.withLock { state in
                if state.phase != .closed { state.closers.append(closer) }
                return state.phase == .closed
            }
            if isClosed { closer.resume() }
        }
    }
}

extension PostgresError {
    static var clientClosed: PostgresError { PostgresError(.closed, "the PostgreSQL client is closed") }

    static var overloaded: PostgresError {
        PostgresError(.overloaded, "too many requests wait for a PostgreSQL connection")
    }
}
