import CLibPQ
import CoreMetrics
import Logging
import Synchronization

/// Opening, watching and dropping connections.
extension Poller {
    /// How many more connections of a role would be of use.
    func demand(for role: Role) -> Int {
        switch role {
        case .reads: waiting.reads > 0 ? 1 : 0
        case .writes: waiting.writes > 0 ? 1 : 0
        case .leases: waiting.leases
        case .listener: listening.isEmpty || supplies[.listener].open > 0 ? 0 : 1
        }
    }

    /// Does what time and demand ask for. It is called at every turn, and time is only looked after where it may matter.
    func maintain() {
        let isDue = isAwakeForDeadline || now - lastMaintenance >= Self.maintenanceInterval
        guard isDue || Role.allCases.contains(where: mayNeedConnection) else { return }
        isAwakeForDeadline = false
        lastMaintenance = now
        for connection in connections {
            checkTime(of: connection)
            checkRequests(of: connection)
            checkSlowness(of: connection)
        }
        for role in Role.allCases {
            let demand = demand(for: role)
            while supplies[role].wantsConnection(demand: demand), breaker.begin(at: now) { connect(role) }
            if let error = verdict(role, demand: demand) { refuseAll(role, error) }
        }
        // Nobody waits while the breaker is open, and yet it is to close as soon as it can.
        if breaker.state == .open, supplies[failedRole].canGrow, breaker.begin(at: now) { connect(failedRole) }
    }

    /// Finer than anything that a time-out is measured by.
    private static var maintenanceInterval: Duration { .milliseconds(1) }

    private func mayNeedConnection(_ role: Role) -> Bool {
        demand(for: role) > 0 && (supplies[role].canGrow || supplies[role].open == 0)
    }

    /// What all who wait for a connection of the role are to be told now, if there is none and no use in waiting.
    private func verdict(_ role: Role, demand: Int) -> PostgresError? {
        let hasTimedOut = supplies[role].hasTimedOut(demand: demand, at: now)
        if hasTimedOut, breaker.requestTimedOut() { logOpening() }
        guard demand > 0, supplies[role].open == 0 else { return nil }
        if let refusal = breaker.refusal(at: now) { return refusal }
        guard hasTimedOut else { return nil }
        return PostgresError(.connection, "no answer from the server within \(configuration.connectTimeout)")
    }

    private func logOpening() {
        logger.error(
            "PostgreSQL cannot be reached, the circuit breaker is open",
            metadata: metadata(failedRole, breaker.lastFailure?.error))
    }

    private func checkTime(of connection: PipelineConnection) {
        if case .connecting(let deadline) = connection.phase {
            guard deadline <= now else { return }
            guard let host = connection.attempt.candidate?.host else { return }
            servers.didNotAnswer(host, at: now)
            let time = now - connection.lastHeard
            let error = PostgresError(
                .connection, "no answer from \(host.name), port \(host.port), within \(time.milliseconds) ms")
            return failConnecting(connection, error, isFinal: false)
        }
        if let deadline = connection.pingDeadline {
            guard deadline <= now else { return }
            if connection.isBusy { CancelRequest(connection.handle)?.send() }
            drop(connection, because: PostgresError(.connectionLost, "the server gives no sign of life"))
        } else if !connection.isBusy, connection.lastHeard + pool.healthCheckInterval <= now {
            conclude(connection.ping(until: now + configuration.connectTimeout), connection)
        }
    }

    /// Fails the requests whose time is over. Whether the server is slow or hangs cannot be told from here: the
    /// connection takes nothing more. Reads behind a late one go on over another connection, writes behind it may not
    /// be sent again and keep what is left of their time.
    ///
    /// Where locks are waited for no longer than ``PostgresConfiguration/lockTimeout``, reads can be late because of one
    /// in front of them that waits for a lock: their connection has a moment to answer. So it is not reconnected with
    /// every read that is late while a table is locked.
    private func checkRequests(of connection: PipelineConnection) {
        let expiry = connection.expire(at: coarseNow) { outcome in
            metrics.timeouts.increment()
            settle(outcome, on: connection)
        }
        switch (expiry, connection.role) {
        case (.none, _): return
        case (.some, .writes): connection.isRetiring = true
        case (_, .reads) where configuration.lockTimeout != nil:
            connection.pingDeadline = connection.pingDeadline ?? now + Self.lateReadGrace
        case (.some, _), (.all, _):
            CancelRequest(connection.handle)?.send()
            drop(connection, because: PostgresError(.connectionLost, "a request on the connection was out of time"))
        }
    }

    private static var lateReadGrace: Duration { .seconds(1) }

    private func connect(_ role: Role) {
        supplies[role].began()
        let deadline = now + configuration.connectTimeout
        connect(role, ConnectionAttempt(servers.candidates(at: now), until: deadline))
    }

    /// Tries the next server of the attempt.
    private func connect(_ role: Role, _ attempt: ConnectionAttempt) {
        do throws(PostgresError) {
            let connection = try PipelineConnection(
                id: nextConnectionID(), role: role, configuration, attempt, at: now, counters: mailbox.counters)
            connections.append(connection)
            // As the manual has it: at first, behave as if PQconnectPoll had said "writing".
            if PQstatus(connection.handle) == CONNECTION_BAD { return advance(connection) }
            watch(connection, for: LIBPQ_EPOLLOUT)
        } catch {
            endAttempt(role, error, isFinal: error.code == .tls)
        }
    }

    /// Fails all requests that wait for a connection of the role.
    private func refuseAll(_ role: Role, _ error: PostgresError) {
        var requests: [Request] = []
        var waiters: [ClientState.Waiter] = []
        mailbox.state.withLock { state in
            switch role {
            case .reads: requests = state.reads.removeAll()
            case .writes: requests = state.writes.removeAll()
            case .leases: waiters = state.leases.removeAllWaiters()
            case .listener: break
            }
        }
        for request in requests { settle(.failed(request, error), on: nil) }
        for waiter in waiters { waiter.resume(throwing: error) }
        // Those who listen wait for as long as it takes, unless it is of no use.
        if role == .listener, breaker.hasPermanentFailure { listening.failAll(error) }
    }
}

// MARK: - Events

extension Poller {
    /// The socket has something, or room.
    func proceed(_ connection: PipelineConnection) {
        if case .connecting = connection.phase { return advance(connection) }
        defer { recordRoundTrips(of: connection) }
        if let reason = connection.receive(at: now, { settle($0, on: connection) }) {
            return drop(connection, because: reason)
        }
        while let (channel, notification) = connection.nextNotification() {
            listening.yield(notification, on: channel)
        }
        if connection.pipeline.hasLostSession, !connection.isRetiring { leaveSession(connection) }
        guard !connection.isForgotten else { return }
        if connection.isRetiring, connection.role != .leases, !connection.isBusy {
            return drop(connection, because: nil)
        }
        releaseIfClean(connection)
        conclude(connection.flush(), connection)
    }

    private func recordRoundTrips(of connection: PipelineConnection) {
        while let time = connection.roundTrips.popLast() { metrics.recordRoundTrip(time, on: connection.role) }
    }

    /// The socket has taken what was written.
    func answerWrite(on connection: PipelineConnection) {
        guard let (request, rows) = connection.takeWritten() else { return }
        settle(.succeeded(request, rows), on: connection)
    }

    /// The session is unusable. If that is because its server takes no writes, no other session with that
    /// server can either.
    private func leaveSession(_ connection: PipelineConnection) {
        guard connection.pipeline.isDemoted else {
            logger.warning("A session with PostgreSQL is given up", metadata: metadata(connection.role))
            return retire(connection)
        }
        logger.warning("PostgreSQL has become read-only, looking for the primary", metadata: metadata(connection.role))
        for other in connections where !other.isConnecting && !other.isRetiring { retire(other) }
    }

    /// Ends a connection when it has answered what was sent on it.
    private func retire(_ connection: PipelineConnection) {
        connection.isRetiring = true
        let isFree =
            connection.role == .leases
            ? mailbox.state.withLock { $0.leases.retire(connection.id) } : !connection.isBusy
        if isFree { drop(connection, because: nil) }
    }

    private func advance(_ connection: PipelineConnection) {
        switch connection.advanceConnecting() {
        case .wait(let events): watch(connection, for: events)
        case .failed(let error, let isFinal): failConnecting(connection, error, isFinal: isFinal)
        case .connected: welcome(connection)
        }
    }

    private func welcome(_ connection: PipelineConnection) {
        let wasFailing = breaker.isFailing
        metrics.connected.increment()
        breaker.succeeded()
        if let host = connection.attempt.candidate?.host { servers.answered(host) }
        supplies[connection.role].connected()
        let level: Logger.Level = wasFailing ? .notice : .debug
        logger.log(level: level, "connected to PostgreSQL", metadata: metadata(connection.role))
        watch(connection)
        switch connection.role {
        case .reads: readers.append(connection)
        case .writes: writers.append(connection)
        case .leases:
            let waiter = mailbox.state.withLock { $0.leases.add(connection.id) }
            waiter?.resume(returning: connection.id)
        case .listener: listenToAll(on: connection)
        }
    }

    /// Goes on to the next server of the attempt. A refused login ends the attempt; if none is encrypted as it
    /// has to be, trying again is of no use either.
    private func failConnecting(_ connection: PipelineConnection, _ error: PostgresError, isFinal: Bool) {
        forget(connection)
        var attempt = connection.attempt
        if attempt.failed(error), !isFinal { return connect(connection.role, attempt) }
        endAttempt(connection.role, attempt.error, isFinal: isFinal || attempt.isRefusedByAll)
    }

    private func endAttempt(_ role: Role, _ error: PostgresError, isFinal: Bool) {
        let isFirst = !breaker.isFailing
        supplies[role].failed()
        metrics.connectFailures.increment()
        failedRole = role
        let opens = breaker.failed(error, isFinal: isFinal, at: now, jitter: .random(in: 0...1))
        if isFirst { logger.warning("cannot connect to PostgreSQL", metadata: metadata(role, error)) }
        if opens { logOpening() }
    }

    /// Gives a connection up and decides about everything that is in flight on it. `nil`: as intended.
    func drop(_ connection: PipelineConnection, because error: PostgresError?) {
        guard !connection.isForgotten else { return }
        if let error {
            metrics.lost.increment()
            logger.warning("lost a connection to PostgreSQL", metadata: metadata(connection.role, error))
            mailbox.announceLoss()
        }
        forget(connection)
        supplies[connection.role].lost()
        mailbox.state.withLock { $0.leases.remove(connection.id) }
        let reason = error ?? PostgresError(.connectionLost, "the connection was closed")
        connection.lose(reason) { settle($0, on: connection) }
        if connection.role == .listener { listening.connectionLost() }
        if case .cleaning(let owner) = connection.phase { owner.resume() }
    }

    private func forget(_ connection: PipelineConnection) {
        unwatch(connection)
        connection.isForgotten = true
        connections.removeAll { $0 === connection }
        readers.removeAll { $0 === connection }
        writers.removeAll { $0 === connection }
    }

    private func metadata(_ role: Role, _ error: PostgresError? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "postgres.server": "\(configuration)", "postgres.connections": "\(role.rawValue)",
        ]
        if let error { metadata["postgres.error"] = "\(error)" }
        return metadata
    }
}

// MARK: - Watching

extension Poller {
    /// Watches for input, and for room while libpq has bytes to write.
    func watch(_ connection: PipelineConnection) {
        if connection.isPaused { return unwatch(connection) }
        watch(connection, for: LIBPQ_EPOLLIN | (connection.needsWrite ? LIBPQ_EPOLLOUT : 0))
    }

    private func unwatch(_ connection: PipelineConnection) {
        guard let watched = connection.watched.take() else { return }
        _ = libpq_epoll_control(epoll, EPOLL_CTL_DEL, watched.descriptor, 0, 0)
    }

    private func watch(_ connection: PipelineConnection, for events: UInt32) {
        let descriptor = PQsocket(connection.handle)
        if let watched = connection.watched, watched == (descriptor, events), !connection.isConnecting { return }
        // While it connects libpq may close its socket and open another, even under the same number.
        let isKnown = connection.watched?.descriptor == descriptor
        let tag = connection.id.rawValue
        let isModified = isKnown && libpq_epoll_control(epoll, EPOLL_CTL_MOD, descriptor, events, tag) == 0
        if !isModified { _ = libpq_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, events, tag) }
        connection.watched = (descriptor, events)
    }
}
