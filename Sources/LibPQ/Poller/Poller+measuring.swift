import Synchronization

/// Levels for the metrics, once a second while there is something to do and once afterwards.
extension Poller {
    private static var interval: Duration { .seconds(1) }
    /// After work that no other work follows. It is longer than the pauses between the few statements of an idle service,
    /// so that these are measured with the next of them, and nothing is woken only to be measured.
    private static var lastInterval: Duration { .seconds(5) }

    /// When levels have to be told, if they may have changed.
    var nextMeasurement: Instant? { hasWorked ? lastMeasurement + Self.lastInterval : nil }

    func measure() {
        guard hasWorked, lastMeasurement + Self.interval <= now else { return }
        lastMeasurement = now
        hasWorked = false
        let lent = mailbox.state.withLock { $0.leases.lentCount }
        for role in Role.allCases {
            var levels = ClientMetrics.Levels()
            levels.connecting = supplies[role].connecting
            let open = connections.count { $0.role == role && !$0.isConnecting }
            levels.busy =
                role == .leases ? lent : connections.count { $0.role == role && !$0.isConnecting && $0.isBusy }
            levels.idle = max(0, open - levels.busy)
            levels.waiting =
                switch role {
                case .reads: waiting.reads
                case .writes: waiting.writes
                case .leases: waiting.leases
                case .listener: 0
                }
            metrics.record(levels, of: role)
        }
        metrics.record(breaker.state)
        let statistics = mailbox.counters.snapshot
        metrics.record(statistics - measured)
        measured = statistics
    }
}

// MARK: - What takes long

extension Poller {
    /// An answer that is outstanding for longer is announced: something may be in its way.
    static var slowness: Duration { .milliseconds(500) }

    /// When the answer that a connection owes has to be announced as outstanding, once more.
    func slownessDeadline(of connection: PipelineConnection) -> Instant? {
        guard let sent = connection.sendTimes.first ?? connection.simpleQuerySent else { return nil }
        return max(sent, connection.announcedSlowness ?? sent) + Self.slowness
    }

    func checkSlowness(of connection: PipelineConnection) {
        guard let deadline = slownessDeadline(of: connection), deadline <= now else { return }
        connection.announcedSlowness = now
        mailbox.announceSlowRequest.yield()
    }
}
