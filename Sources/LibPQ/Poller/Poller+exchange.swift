import CoreMetrics
import Synchronization

/// Taking requests from the mailbox and sending them.
extension Poller {
    /// Takes what can be sent now, and sends it.
    func exchange() -> (isOver: Bool, mayBlock: Bool) {
        let readRoom = readers.reduce(0) { $0 + $1.room }
        let writeRoom = writers.reduce(0) { $0 + $1.room }
        var writes: [Request] = []
        var expired: [ClientState.Waiter] = []
        var late: [Request] = []
        let hasAnswers = !answers.isEmpty
        let (phase, mayBlock, foundNothing, isIdle) = mailbox.state.withLock { state in
            state.reads.prepend(returnedReads)
            state.writes.prepend(returnedWrites)
            swap(&state.commands, &commands)
            state.reads.expire(at: coarseNow, into: &late)
            state.writes.expire(at: coarseNow, into: &late)
            state.reads.take(readRoom * Self.batchLimit, into: &batch)
            state.writes.take(writeRoom, into: &writes)
            if let deadline = state.leases.nextDeadline, deadline <= now { expired = state.leases.expire(at: now) }
            waiting = Waiting(
                reads: state.reads.count, writes: state.writes.count, leases: state.leases.waiterCount,
                leaseDeadline: state.leases.nextDeadline,
                requestDeadline: min(state.reads.nextDeadline, state.writes.nextDeadline))

            let foundNothing =
                commands.isEmpty && batch.isEmpty && writes.isEmpty && expired.isEmpty && late.isEmpty
            let mayBlock = foundNothing && !hasAnswers
            state.wakeReasons = mayBlock ? wakeReasons(readRoom, writeRoom) : []
            state.sleepsUntil = mayBlock ? nextRequestDeadline : .past
            let isIdle = foundNothing && waiting.reads + waiting.writes + waiting.leases + state.leases.lentCount == 0
            return (state.phase, mayBlock, foundNothing, isIdle)
        }
        returnedReads.removeAll(keepingCapacity: true)
        returnedWrites.removeAll(keepingCapacity: true)

        if !foundNothing { hasWorked = true }
        if let first = batch.first { metrics.recordWait(first.waited(until: coarseNow), for: .reads) }
        if let first = writes.first { metrics.recordWait(first.waited(until: coarseNow), for: .writes) }
        if !late.isEmpty { metrics.timeouts.increment(by: late.count) }
        for request in late { settle(.failed(request, .unsentTimeout), on: nil) }
        for waiter in expired { waiter.resume(throwing: leaseTimeout) }
        sendReads()
        sendWrites(writes)
        perform()
        if phase == .closing {
            listening.finishAll()
            if isIdle, !hasAnswers, answers.isEmpty, !connections.contains(where: isOccupied) {
                return (true, false)
            }
        }
        return (false, mayBlock)
    }

    /// The most reads in a batch: more gain nothing, and one that fails makes more of them wait.
    static var batchLimit: Int { 32 }

    /// With all windows full a reply will wake us, and with reads waiting for a connection its coming will.
    private func wakeReasons(_ readRoom: Int, _ writeRoom: Int) -> ClientState.WakeReasons {
        var reasons: ClientState.WakeReasons = .commands
        if readRoom > 0 || waiting.reads == 0 && supplies[.reads].canGrow { reasons.insert(.reads) }
        if writeRoom > 0 || waiting.writes == 0 && supplies[.writes].canGrow { reasons.insert(.writes) }
        return reasons
    }

    /// Something is under way that a graceful end waits for.
    private func isOccupied(_ connection: PipelineConnection) -> Bool {
        switch connection.phase {
        case .connecting: false
        // A read that was given up may wait for a lock, for as long as the server lets it.
        case .ready where connection.role == .reads: connection.isBusy && connection.pipeline.isAwaited
        case .ready: connection.role != .listener && connection.isBusy
        case .cleaning: true
        }
    }

    private var leaseTimeout: PostgresError {
        let cause =
            if let failure = breaker.lastFailure?.error {
                "; the last attempt to connect failed: \(failure.message)"
            } else if supplies[.leases].connecting > 0 {
                "; the server has not answered an attempt to connect yet"
            } else {
                ""
            }
        return PostgresError(.poolTimeout, "no PostgreSQL connection became free within \(pool.leaseTimeout)\(cause)")
    }
}

// MARK: - Sending

extension Poller {
    /// Splits the reads over the connections with room, one Sync a batch, the least busy connection first.
    private func sendReads() {
        guard !batch.isEmpty else { return }
        var remaining = batch[...]
        while !remaining.isEmpty {
            let free = readers.filter { $0.room > 0 }.sorted { $0.pipeline.groupsInFlight < $1.pipeline.groupsInFlight }
            // A connection may have been lost, or the isolated ones have taken the room: the rest waits its turn.
            guard !free.isEmpty else { break }
            let share = min(Self.batchLimit, max(Self.smallestShare, (remaining.count + free.count - 1) / free.count))
            for connection in free where !remaining.isEmpty {
                let part = remaining.prefix(share)
                remaining = remaining.dropFirst(share)
                sendReads(part, on: connection)
            }
        }
        returnedReads.append(contentsOf: remaining)
        batch.removeAll(keepingCapacity: true)
    }

    /// Fewer reads than this are not worth a second backend's waking.
    private static var smallestShare: Int { 8 }

    private func sendReads(_ requests: ArraySlice<Request>, on connection: PipelineConnection) {
        var isSealed = true
        var sent = connection.trimStatements()
        for request in requests {
            guard sent else {
                returnedReads.append(request)
                continue
            }
            if request.attempts.needsIsolation {
                sent = (isSealed || connection.seal()) && connection.send(request) && connection.seal()
                isSealed = true
            } else {
                sent = connection.send(request)
                isSealed = false
            }
        }
        conclude(sent && (isSealed || connection.seal()), connection)
    }

    /// Each write is a group of its own, be it one statement or several, on the connection with the fewest before it.
    private func sendWrites(_ requests: [Request]) {
        for request in requests {
            let free = writers.filter { $0.room > 0 }
            guard let connection = free.min(by: { $0.pipeline.groupsInFlight < $1.pipeline.groupsInFlight }) else {
                returnedWrites.append(request)
                continue
            }
            guard let calls = request.atomicCalls else {
                sendGroup([request], on: connection)
                continue
            }
            guard connection.trimStatements() else {
                returnedWrites.append(request)
                conclude(false, connection)
                continue
            }
            conclude(connection.send(atomic: request, calls), connection)
        }
    }

    /// Sends the requests with one Sync behind them.
    func sendGroup(_ requests: [Request], on connection: PipelineConnection) {
        var unsent = requests[...]
        var sent = connection.trimStatements()
        while sent, let request = unsent.popFirst() { sent = connection.send(request) }
        conclude(sent && connection.seal(), connection)
        for request in unsent { settle(.resend(request), on: connection) }
    }

    /// After sending: waits for the socket if it is full, or closes the connection.
    func conclude(_ sent: Bool, _ connection: PipelineConnection) {
        guard !connection.isForgotten else { return }
        guard sent else { return drop(connection, because: PostgresError(.connectionLost, "sending failed")) }
        if connection.copyWrite != nil { answerWrite(on: connection) }
        watch(connection)
    }
}
