import FoundationEssentials
import LibPQ

/// What a request costs the service and its databases, and what the service costs with nobody there.
extension HTTPContest {
    /// PostgreSQL's processes publish what they have counted after ten seconds of rest at the latest.
    private static let quiet = Duration.seconds(11)

    func cost() async throws -> Report {
        let find = try file("find", (0..<min(invoices, 1_000)).map { "GET /invoices/\(Self.id($0))" })
        let create = try file("create", repeatElement("POST /invoices \(Self.newInvoice)", count: 2))
        var report = Report("Cost", unit: "requests", [], [:])
        // What was done before is to be over.
        try await Task.sleep(for: Self.quiet)
        let idle = try await idleCost()
        var rows: [[String]] = []
        for (name, requests) in [("GET /invoices/{id}", find), ("POST /invoices", create)] {
            for connections in [1, 64] {
                let cost = try await cost(of: requests, connections: connections, idle: idle)
                bench.progress("cost  \(name)  \(connections)")
                rows.append(["\(name), connections: \(connections)"] + cost)
            }
        }
        rows.append(
            ["a second with nobody there", idle.transactions.fixed(1)]
                + [idle.sends, idle.systemCalls].map { $0?.fixed(1) ?? "-" }
                + [idle.cpu.client, idle.cpu.server].map { ($0 * 1e6).fixed(1) })
        report.costs = Table(
            head: [
                "Cost of a request", "transactions", "sends to PostgreSQL", "system calls", "service CPU µs",
                "PostgreSQL CPU µs",
            ], rows: rows)
        report.notes = [
            "nobody there: \(idle.wakeups.fixed(1)) wake-ups a second, \((idle.cpu.client * 100).fixed(2)) % of a core"
        ]
        if idle.systemCalls == nil { report.notes.append("system calls: there is no strace, or it may not be used") }
        report.ratios = [
            Ratio(name: "http-idle-wakeups", value: 20 / max(idle.wakeups, 0.1), reach: 1),
            Ratio(name: "http-idle-cpu", value: 0.003 / max(idle.cpu.client, 0.0001), reach: 1),
        ]
        return report
    }
}

// MARK: - Measuring

extension HTTPContest {
    /// Of one second.
    private struct IdleCost {
        let transactions: Double
        let wakeups: Double
        let cpu: CPUTime
        let systemCalls: Double?
        let sends: Double?
    }

    private func idleCost() async throws -> IdleCost {
        let seconds = Self.quiet.inSeconds
        let transactions = try await transactions()
        let wakeups = try Wakeups.made(by: service.processID)
        let before = try CPUTime.used(by: bench.server, for: service.processID)
        try await Task.sleep(for: Self.quiet)
        let used = try CPUTime.used(by: bench.server, for: service.processID) - before
        let woken = try Wakeups.made(by: service.processID) - wakeups
        let begun = try await self.transactions() - transactions
        let (calls, _) = try await systemCalls { try await Task.sleep(for: Self.quiet) }
        return IdleCost(
            transactions: Double(begun) / seconds, wakeups: Double(woken) / seconds,
            cpu: CPUTime(client: used.client / seconds, server: used.server / seconds),
            systemCalls: calls.map { Double($0.total) / seconds }, sends: calls.map { Double($0["sendto"]) / seconds })
    }

    /// Of one request: transactions, sends, system calls, CPU of the service and of PostgreSQL.
    private func cost(of requests: String, connections: Int, idle: IdleCost) async throws -> [String] {
        func run() async throws -> Measurement {
            try await Wrk.run(requests, connections: connections, on: service, seconds: bench.effort.seconds)
        }
        let start = ContinuousClock.now
        let transactions = try await transactions()
        let before = try CPUTime.used(by: bench.server, for: service.processID)
        let measurement = try await run()
        let used = try CPUTime.used(by: bench.server, for: service.processID) - before
        try await Task.sleep(for: Self.quiet)
        let background = idle.transactions * (ContinuousClock.now - start).inSeconds
        let begun = Double(try await self.transactions() - transactions) - background
        let (calls, traced) = try await systemCalls(run)

        let count = Double(measurement.count)
        let counts = [calls?["sendto"], calls?.total].map { number in
            number.map { (Double($0) / Double(traced.count)).fixed(2) } ?? "-"
        }
        return [(max(0, begun) / count).fixed(2)] + counts
            + [used.client, used.server].map { ($0 / count * 1e6).fixed(1) }
    }

    private func systemCalls<Answer>(
        _ body: () async throws -> Answer
    ) async throws -> (calls: SystemCalls?, answer: Answer) {
        try await SystemCalls.made(by: service.processID, counting: "\(bench.directory)/strace", body)
    }

    /// Those that the service's databases have ended so far. This question is asked in another one.
    private func transactions() async throws -> Int64 {
        let names = databases.map(\.name)
        return try await Database(server: bench.server, name: "postgres").withClient { client in
            try await client.query(
                """
                select sum(xact_commit + xact_rollback)::int8 from pg_stat_database where datname = any($1)
                """, names
            )[0].decode(Int64.self)
        }
    }
}
