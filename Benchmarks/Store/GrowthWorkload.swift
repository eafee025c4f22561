import EventSourcing
import EventSourcingPostgres

/// Appends to a store that holds millions of events, beside the same appends to an empty one; ids are time-ordered, as
/// those that the libraries make.
enum GrowthWorkload {
    private static let grown = "append, 64 tasks, large store"
    private static let empty = "append, 64 tasks, empty store"

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("grown") { large in
            bench.progress("filling a store with \(bench.effort.grownEvents) events")
            try await bench.fill(large, events: bench.effort.grownEvents, perStream: 10)
            return try await bench.withDatabase("empty") { small in
                try await large.withStore { largeStore in
                    try await small.withStore { smallStore in
                        let contenders = [
                            AppendWorkload.newStreams(64, bench, smallStore, ids: .timeOrdered, name: empty),
                            AppendWorkload.newStreams(64, bench, largeStore, ids: .timeOrdered, name: grown),
                        ]
                        var report = Report("Growth", unit: "events", contenders, try await bench.rounds(contenders))
                        report.compare("growth", grown, to: empty, reach: 0.8)
                        return report
                    }
                }
            }
        }
    }
}
