import EventSourcing
import EventSourcingPostgres
import FoundationEssentials

/// Loads of a long stream with its last snapshot as far back as it is just before the next one, for several intervals of
/// snapshots, and what writing these costs.
enum SnapshotWorkload {
    private static let events = 10_000
    /// Events between two snapshots; nil for none.
    private static let intervals: [Int?] = [10, 50, 100, 500, 1_000, nil]

    /// What was measured of one interval.
    private struct Line {
        let interval: Int?
        let load: Double
        let bytesRead: Int
        /// Of one snapshot; nil without.
        var save: (milliseconds: Double, bytes: Int)?
    }

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("snapshots") { database in
            bench.progress("filling a stream with \(events) events")
            try await bench.fill(database, events: events, perStream: events)
            return try await database.withClient(role: PostgresEventStore.serviceRole) { client in
                let store = PostgresEventStore(client, appended: PositionSignal())
                let snapshots = PostgresSnapshotStore(client)
                var lines: [Line] = []
                for interval in intervals {
                    bench.progress(name(interval))
                    lines.append(try await measure(interval, store, snapshots, seconds: bench.effort.seconds))
                }
                return report(lines)
            }
        }
    }

    private static func measure(
        _ interval: Int?, _ store: PostgresEventStore, _ snapshots: PostgresSnapshotStore, seconds: Int
    ) async throws -> Line {
        let stream = try SampleEvent.stream(1)
        let eventSize = SampleEvent.data.utf8.count + SampleEvent.metadata.utf8.count
        try await snapshots.delete(of: stream)
        var save: (milliseconds: Double, bytes: Int)?
        if let interval {
            let last = Revision(Int64(events - interval))
            let snapshot = try await SampleAggregate.snapshot(of: stream, at: last, reading: store)
            let saves = try await ClosedLoop.run(
                [Repeated { try await snapshots.save(snapshot) }], seconds: seconds)
            save = (saves.latencies.quantile(0.5) ?? 0, snapshot.state.bytes.count)
        }
        let used = Snapshots<SampleAggregate>(
            in: snapshots, policy: .never, writer: SnapshotWriter(snapshots), cacheCapacity: 0)
        let reader = AggregateReader(store, snapshots: used)
        let loads = try await ClosedLoop.run(
            [
                Repeated {
                    guard try await reader.load(stream).state.events == events else { throw WrongAnswer() }
                }
            ], seconds: seconds)
        return Line(
            interval: interval, load: loads.latencies.quantile(0.5) ?? 0,
            bytesRead: (interval ?? events) * eventSize + (save?.bytes ?? 0), save: save)
    }

    /// The last column divides what the snapshots of 1,000 events cost to write by what one of them saves a load.
    private static func report(_ lines: [Line]) -> Report {
        let plain = lines.last?.load ?? 0
        let rows: [[String]] = lines.map { cells($0, withoutSnapshots: plain) }
        var report = Report("Snapshots", unit: "loads", [], [:])
        report.costs = Table(
            head: [
                "a stream of \(Double(events).grouped) events", "load p50", "bytes read", "save p50",
                "saving per 1,000 events", "bytes written", "pays from loads per 1,000 events",
            ], rows: rows)
        return report
    }

    private static func cells(_ line: Line, withoutSnapshots plain: Double) -> [String] {
        let read = [name(line.interval), "\(line.load.fixed(2)) ms", Double(line.bytesRead).grouped]
        guard let interval = line.interval, let save = line.save else { return read + ["-", "-", "-", "-"] }
        let count: Double = 1_000 / Double(interval)
        let cost: Double = count * save.milliseconds
        let bytes: Double = count * Double(save.bytes)
        let saved: Double = plain - line.load
        let pays: String = saved > 0 ? (cost / saved).fixed(2) : "never"
        return read + ["\(save.milliseconds.fixed(2)) ms", "\(cost.fixed(1)) ms", bytes.grouped, pays]
    }

    private static func name(_ interval: Int?) -> String {
        interval.map { "a snapshot every \(Double($0).grouped)" } ?? "no snapshot"
    }
}
