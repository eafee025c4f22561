import CLibPQ
import Synchronization

/// What tasks ask for besides reads and writes.
extension Poller {
    func perform() {
        guard !commands.isEmpty else { return }
        for command in commands {
            switch command {
            case .send(let id, let requests):
                guard let connection = usable(id, for: requests) else { continue }
                sendGroup(requests, on: connection)
            case .simple(let id, let query):
                guard let connection = usable(id, for: [query.request]) else { continue }
                conclude(connection.sendSimple(query), connection)
            case .copyData(let id, let bytes, let request):
                guard let connection = copying(id, for: request) else { continue }
                conclude(connection.sendCopy(bytes, request), connection)
            case .copyEnd(let id, let failure, let request):
                guard let connection = copying(id, for: request) else { continue }
                conclude(connection.endCopy(failure: failure, request), connection)
            case .resumeCopy(let id):
                guard let connection = usable(id) else { continue }
                connection.isPaused = false
                proceed(connection)
            case .cancel(let id): cancel(id)
            case .interrupt(let id): interrupt(id)
            case .reclaim(let id, let reset, let owner): reclaim(id, reset: reset, owner)
            case .close(let id): if let connection = connection(id) { drop(connection, because: nil) }
            case .subscribe(let subscription): subscribe(subscription)
            case .unsubscribe(let id): unsubscribe(id)
            }
        }
        commands.removeAll(keepingCapacity: true)
    }

    private func usable(_ id: ConnectionID) -> PipelineConnection? {
        connection(id).flatMap { $0.isReady ? $0 : nil }
    }

    /// The leased connection that the requests are for, unless they have to be refused.
    private func usable(_ id: ConnectionID, for requests: [Request]) -> PipelineConnection? {
        guard let connection = usable(id) else {
            requests.forEach(refuse)
            return nil
        }
        guard !connection.pipeline.isInCopy else {
            let error = PostgresError(.unsupported, "a COPY is under way on the connection and has to end first")
            for request in requests { settle(.failed(request, error), on: nil) }
            return nil
        }
        return connection
    }

    /// The leased connection if a `COPY` into the server is under way on it.
    private func copying(_ id: ConnectionID, for request: Request) -> PipelineConnection? {
        guard let connection = usable(id), case .into = connection.copyFlow, connection.copyWrite == nil else {
            refuse(request)
            return nil
        }
        return connection
    }

    /// The leased connection was lost before the request reached it.
    private func refuse(_ request: Request) {
        settle(.failed(request, PostgresError(.connectionLost, "the leased connection is gone")), on: nil)
    }

    /// Answers a request whose task was cancelled after it was taken from the mailbox, unless it has its answer already.
    private func cancel(_ id: RequestID) {
        let returned =
            returnedReads.firstIndex { $0.id == id }.map { returnedReads.remove(at: $0) }
            ?? returnedWrites.firstIndex { $0.id == id }.map { returnedWrites.remove(at: $0) }
        if let returned { return answer(returned, .failure(CancellationError())) }
        for connection in connections {
            guard let request = connection.abandon(id) else { continue }
            let isUnknown = request.policy.isUnknownAfterLoss
            return answer(request, .failure(isUnknown ? Self.cancelledWrite : CancellationError()))
        }
    }

    /// Has the server cancel the statement of a request, if that is what it is at work on. What it answers is the answer.
    private func interrupt(_ id: RequestID) {
        if let index = returnedWrites.firstIndex(where: { $0.id == id }) {
            return answer(returnedWrites.remove(at: index), .failure(CancellationError()))
        }
        guard let connection = connections.first(where: { $0.pipeline.isAtWork(on: id) }) else { return }
        CancelRequest(connection.handle)?.send()
    }

    private static var cancelledWrite: any Error {
        PostgresError(.outcomeUnknown, "the task was cancelled after the statement was sent")
    }
}

// MARK: - Leases

extension Poller {
    /// Takes a leased connection back. What is still running is stopped together with its connection.
    private func reclaim(_ id: ConnectionID, reset: Bool, _ owner: CheckedContinuation<Void, Never>) {
        guard let connection = usable(id) else {
            mailbox.state.withLock { $0.leases.remove(id) }
            return owner.resume()
        }
        if connection.isBusy { CancelRequest(connection.handle)?.send() }
        let isAtRest = !connection.isBusy
        connection.phase = .cleaning(owner)
        // Whoever gave it back waits: a server that hangs must not keep them.
        connection.pingDeadline = now + configuration.connectTimeout
        switch PQtransactionStatus(connection.handle) {
        case _ where connection.isRetiring: drop(connection, because: nil)
        case PQTRANS_IDLE where isAtRest && !reset: release(connection)
        case PQTRANS_IDLE where isAtRest: conclude(discardSession(of: connection), connection)
        case PQTRANS_INTRANS where isAtRest, PQTRANS_INERROR where isAtRest:
            let cleaned = connection.sendHousekeeping("ROLLBACK") && (!reset || discardSession(of: connection))
            conclude(cleaned, connection)
        default: drop(connection, because: nil)
        }
    }

    private func discardSession(of connection: PipelineConnection) -> Bool {
        connection.pipeline.forgetStatements()
        return connection.sendHousekeeping("DISCARD ALL")
    }

    /// Goes on with a connection that is being cleaned, once its answers are there.
    func releaseIfClean(_ connection: PipelineConnection) {
        guard case .cleaning = connection.phase, !connection.isBusy else { return }
        guard PQtransactionStatus(connection.handle) == PQTRANS_IDLE, !connection.isRetiring else {
            return drop(connection, because: nil)
        }
        release(connection)
    }

    private func release(_ connection: PipelineConnection) {
        guard case .cleaning(let owner) = connection.phase else { return }
        connection.phase = .ready
        connection.pingDeadline = nil
        let waiter = mailbox.state.withLock { $0.leases.giveBack(connection.id) }
        waiter?.resume(returning: connection.id)
        owner.resume()
    }
}

// MARK: - Answers

extension Poller {
    /// Passes on what the state machine has decided about a request.
    func settle(_ outcome: Resolution<Request, PostgresRows>, on connection: PipelineConnection?) {
        switch outcome {
        case .succeeded(let request, let rows): answer(request, .success(rows))
        case .committed(let request, let rows):
            if case .atomic(let continuation) = request.addressee {
                answers.append(.atomic(continuation, .success(rows)))
            }
        case .failed(let request, let error): answer(request, .failure(error))
        case .resend(let request):
            switch connection?.role {
            case .reads: returnedReads.append(request)
            case .writes: returnedWrites.append(request)
            default:
                // On a lease: for a stale statement, or unsent because the connection is gone, which it will find.
                if let connection { mailbox.post(.send(connection.id, [request])) } else { refuse(request) }
            }
        }
    }

    private func answer(_ request: Request, _ result: Result<PostgresRows, any Error>) {
        switch request.addressee {
        case .task(let continuation): answers.append(.rows(continuation, result))
        case .atomic(let continuation): answers.append(.atomic(continuation, result.map { [$0] }))
        case .listener(let channel, let generation):
            switch result {
            case .success: listening.confirm(channel, generation: generation)
            case .failure(let error): listening.fail(channel, generation: generation, error)
            }
        case .reader(let channel): channel.finish(result.map { _ in })
        case .nobody: break
        }
    }
}
