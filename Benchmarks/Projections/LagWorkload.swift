import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesDomain
import InvoicesInfrastructure

/// How long it takes from the call of an append until the read model shows it, under 500 appends a second that come
/// whether the ones before are done or not.
enum LagWorkload {
    private static let perSecond = 500

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("lag") { log in
            try await bench.withDatabase("lag_rows", migrations: "read_db") { rows in
                try await log.withStore { store in
                    try await rows.withClient { client in
                        let contenders = [
                            Contender("append to visible, \(perSecond) a second") {
                                try await InvoiceLog.withProjection(of: store, into: client) {
                                    try await measure(store, applied: $0, seconds: bench.effort.seconds)
                                }
                            }
                        ]
                        var report = Report("Lag", unit: "events", contenders, try await bench.rounds(contenders))
                        if let lag = report.rows.first?.measurement.latencies.quantile(0.99) {
                            report.ratios.append(Ratio(name: "lag-p99-10ms", value: 10 / lag, reach: 1))
                        }
                        return report
                    }
                }
            }
        }
    }

    private static func measure(
        _ store: PostgresEventStore, applied: PositionSignal, seconds: Int
    ) async throws -> Measurement {
        let start = ContinuousClock.now
        let latencies = try await withThrowingTaskGroup { group in
            for number in 0..<perSecond * seconds {
                try await Task.sleep(until: start + .milliseconds(number * 1_000 / perSecond), tolerance: .zero)
                group.addTask { try await appendAndWait(store, applied) }
            }
            return try await group.reduce(into: Histogram()) { $0.record(nanoseconds: $1) }
        }
        return Measurement(
            count: perSecond * seconds, seconds: (ContinuousClock.now - start).inSeconds, latencies: latencies)
    }

    /// - Returns: nanoseconds.
    private static func appendAndWait(_ store: PostgresEventStore, _ applied: PositionSignal) async throws -> UInt64 {
        let start = ContinuousClock.now
        let id = UUID.v7()
        let event = InvoiceEvent.created(
            InvoiceCreated(
                invoiceId: InvoiceID(id),
                terms: InvoiceTerms(customerId: CustomerID(id), currency: "EUR", amount: 12_500), createdAt: Date()))
        let stream = try InvoiceKey(tenant: TenantID(InvoiceLog.tenant), invoice: InvoiceID(id)).stream
        let new = NewEvent(
            id: id, type: try EventType(event.name.rawValue), data: try event.encode(),
            metadata: EventPayload(bytes: Array(SampleEvent.metadata.utf8)))
        let commit = try await store.append([new], to: stream, expecting: .noStream)
        guard try await applied.wait(until: commit.position, atMost: .seconds(30)) else { throw WrongAnswer() }
        return (ContinuousClock.now - start).inNanoseconds
    }
}
