import EventSourcing
import EventSourcingPostgres
import FoundationEssentials

/// The figures that the guide of the event store names, one by one: what is demanded, and what is reached.
enum DemandWorkload {
    static func run(on bench: Bench) async throws -> Report {
        var bench = bench
        bench.effort.seconds = min(bench.effort.seconds, 2)
        bench.effort.rounds = 1
        return try await bench.withDatabase("demands") { [bench] database in
            var demands = Demands(bench: bench, database: database)
            try await demands.fill()
            try await demands.measureAppends()
            try await demands.measureReads()
            try demands.measureMigration()
            try await demands.measureTenants()
            return demands.report
        }
    }
}

/// The demands with what was measured, in their order.
private struct Demands {
    let bench: Bench
    let database: Database
    private var lines: [[String]] = []
    private var ratios: [Ratio] = []

    /// Of the long aggregate, and of the type that is queried among ten times as many.
    private static let longStream = 10_000

    init(bench: Bench, database: Database) {
        self.bench = bench
        self.database = database
    }

    var report: Report {
        var report = Report("Demands", unit: "", [], [:])
        report.costs = Table(head: ["what", "demand", "reached"], rows: lines)
        report.ratios = ratios
        return report
    }

    func fill() async throws {
        bench.progress("filling a store with \(11 * Self.longStream) events")
        try await bench.fill(database, events: Self.longStream, perStream: Self.longStream)
        for statement in SampleEvent.fillOtherTypes(after: Self.longStream, events: 10 * Self.longStream) {
            try await bench.run(statement, in: database)
        }
    }
}

// MARK: - Appends

extension Demands {
    mutating func measureAppends() async throws {
        let seconds = bench.effort.seconds
        let measured = try await database.withStore {
            store -> (one: Measurement, ten: Measurement, many: Measurement) in
            func run(_ name: String, _ workers: [some Worker]) async throws -> Measurement {
                bench.progress(name)
                return try await ClosedLoop.run(workers, seconds: seconds)
            }
            return (
                one: try await run("append of one", [Appends(store: store, events: 1)]),
                ten: try await run("append of ten", [Appends(store: store, events: 10)]),
                many: try await run("64 writers", (0..<64).map { _ in Appends(store: store, events: 1) })
            )
        }
        addLatency("append-one", "append of one event, p99", measured.one.latencies.quantile(0.99), limit: 100)
        addLatency("append-ten", "append of ten events, p99", measured.ten.latencies.quantile(0.99), limit: 200)
        addRate("one-writer", "one writer, events of one append each", measured.one.rate, demand: 1_000)
        addRate("one-writer-tens", "one writer, events of ten to an append", measured.ten.rate, demand: 1_000)
        addRate("writers", "64 writers, events of one append each", measured.many.rate, demand: 5_000)
    }

    private struct Appends: Worker {
        let store: PostgresEventStore
        let events: Int
        var random = Xorshift()

        init(store: PostgresEventStore, events: Int) {
            self.store = store
            self.events = events
        }

        mutating func work() async throws -> Int {
            let stream = try SampleEvent.stream(of: random.uuid())
            let new = (0..<events).map { _ in SampleEvent.make(id: random.uuid()) }
            _ = try await store.append(new, to: stream, expecting: .noStream)
            return events
        }
    }
}

// MARK: - Reads

extension Demands {
    mutating func measureReads() async throws {
        let stream = try SampleEvent.stream(1)
        let (bench, length) = (self.bench, Self.longStream)
        let measured = try await database.withClient(role: PostgresEventStore.serviceRole) {
            client -> (plain: Measurement, snapshotted: Measurement, query: Measurement) in
            let store = PostgresEventStore(client, appended: PositionSignal())
            let plain = AggregateStore<SampleAggregate>(store)
            let snapshotStore = PostgresSnapshotStore(client)
            let snapshots = Snapshots<SampleAggregate>(
                in: snapshotStore, policy: .never, writer: SnapshotWriter(snapshotStore), cacheCapacity: 0)
            let snapshotted = AggregateStore(store, snapshots: snapshots)
            try await snapshotStore.save(
                try await SampleAggregate.snapshot(of: stream, at: Revision(Int64(length) - 100), reading: store))
            func load(_ name: String, _ aggregates: AggregateStore<SampleAggregate>) async throws -> Measurement {
                bench.progress(name)
                return try await ClosedLoop.run(
                    [
                        Repeated {
                            guard try await aggregates.load(stream).state.events == length else { throw WrongAnswer() }
                        }
                    ], seconds: bench.effort.seconds)
            }
            let filter = LogFilter(
                tenant: try TenantID(SampleEvent.tenant), types: [try EventType(SampleEvent.rareType)])
            bench.progress("query by type")
            return (
                plain: try await load("load", plain), snapshotted: try await load("load with a snapshot", snapshotted),
                query: try await ClosedLoop.run(
                    [
                        Repeated {
                            let found = try await store.readLog(after: nil, .forwards, matching: filter, limit: 500)
                            guard found.count == 500 else { throw WrongAnswer() }
                        }
                    ], seconds: bench.effort.seconds)
            )
        }
        let events = Double(length).grouped
        addLatency(
            "load", "load of an aggregate of \(events) events, p99", measured.plain.latencies.quantile(0.99), limit: 500
        )
        addLatency(
            "load-snapshot", "the same with a snapshot of 100 events ago, p99",
            measured.snapshotted.latencies.quantile(0.99), limit: 500
        )
        addLatency(
            "query-by-type", "query by type, 500 events of every hundredth, p99",
            measured.query.latencies.quantile(0.99), limit: 500)
    }

    /// Three shapes of an event: two steps for each that was stored in the oldest.
    mutating func measureMigration() throws {
        let (count, record) = (20_000, try MigratedEvent.stored())
        let start = ContinuousClock.now
        for _ in 0..<count {
            guard try Recorded<MigratedEvent>(decoding: record)?.event.note == "-" else { throw WrongAnswer() }
        }
        let each = (ContinuousClock.now - start).inSeconds * 1e3 / Double(count)
        addLatency("migration", "migration of an event by two steps, mean", each, limit: 10)
    }
}

// MARK: - Tenants

extension Demands {
    /// The same load, shared out among more and more tenants.
    mutating func measureTenants() async throws {
        let seconds = bench.effort.seconds
        let rates = try await database.withStore { [bench] store -> [(tenants: Int, append: Double, read: Double)] in
            var rates: [(tenants: Int, append: Double, read: Double)] = []
            for tenants in [1, 100, 10_000] {
                bench.progress("\(tenants) tenants")
                let appends = try await ClosedLoop.run(
                    (0..<64).map { _ in TenantWork(store: store, tenants: tenants, reads: false) }, seconds: seconds)
                let reads = try await ClosedLoop.run(
                    (0..<64).map { _ in TenantWork(store: store, tenants: tenants, reads: true) }, seconds: seconds)
                rates.append((tenants, appends.rate, reads.rate))
            }
            return rates
        }
        for (tenants, append, read) in rates {
            let name = tenants == 1 ? "1 tenant" : "\(Double(tenants).grouped) tenants"
            addRate(
                "tenants-\(tenants)-append", "\(name), 64 writers", append,
                demand: tenants == 1 ? nil : rates[0].append * 0.8)
            addRate(
                "tenants-\(tenants)-read", "\(name), 64 readers of a tenant's last 10 events", read,
                demand: tenants == 1 ? nil : rates[0].read * 0.8)
        }
    }

    private struct TenantWork: Worker {
        let store: PostgresEventStore
        let tenants: Int
        let reads: Bool
        var random = Xorshift()

        init(store: PostgresEventStore, tenants: Int, reads: Bool) {
            self.store = store
            self.tenants = tenants
            self.reads = reads
        }

        mutating func work() async throws -> Int {
            let tenant = try TenantID("of\(tenants).\(Int.random(in: 0..<tenants, using: &random))")
            if reads {
                let filter = LogFilter(tenant: tenant)
                let found = try await store.readLog(after: nil, .backwards, matching: filter, limit: 10)
                guard found.allSatisfy({ $0.tenant == tenant }) else { throw WrongAnswer() }
            } else {
                let stream = try SampleEvent.stream(of: random.uuid(), in: tenant)
                _ = try await store.append([SampleEvent.make(id: random.uuid())], to: stream, expecting: .noStream)
            }
            return 1
        }
    }
}

// MARK: - Lines

extension Demands {
    private mutating func addLatency(
        _ key: String, _ name: String, _ milliseconds: Double?, limit: Double
    ) {
        guard let milliseconds else { return }
        lines.append([name, "< \(limit.grouped) ms", "\(milliseconds.fixed(3)) ms"])
        ratios.append(Ratio(name: "demand-\(key)", value: limit / milliseconds, reach: 1))
    }

    private mutating func addRate(_ key: String, _ name: String, _ rate: Double, demand: Double?) {
        lines.append([name, demand.map { "\($0.grouped)/s" } ?? "-", "\(rate.grouped)/s"])
        if let demand { ratios.append(Ratio(name: "demand-\(key)", value: rate / demand, reach: 1)) }
    }
}
