import EventSourcing
import EventSourcingPostgres
import LibPQ

/// A projection that catches up with a long log, beside the reading of the same pages alone, and beside pgbench that
/// writes the same rows in batches of 500 with the checkpoint in the same transaction.
enum CatchUpWorkload {
    private static let ours = "log to rows, projection"
    private static let pages = "the log's pages, read and not applied"
    private static let upserts = "upserts of 500 with checkpoint, pgbench"
    private static let batch = 500

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("event_store") { log in
            let events = bench.effort.projectedEvents
            bench.progress("filling a log with \(events) events")
            try await InvoiceLog.fill(log, events: events, on: bench)
            return try await log.withStore { store in
                let contenders = [
                    Contender(pages) { try await read(store, events) },
                    Contender(upserts) {
                        try await bench.withDatabase("raw_rows", migrations: "read_db") {
                            try await upsert(bench, in: $0)
                        }
                    },
                    Contender(ours) {
                        try await bench.withDatabase("read_db", migrations: "read_db") { database in
                            try await database.withClient { try await project(store, into: $0, events) }
                        }
                    },
                ]
                var report = Report("Catch-up", unit: "events", contenders, try await bench.rounds(contenders))
                let slower = [pages, upserts].min { report.rate(of: $0) ?? 0 < report.rate(of: $1) ?? 0 }
                if let slower { report.compare("catch-up", ours, to: slower, reach: 0.6) }
                return report
            }
        }
    }

    private static func read(_ store: PostgresEventStore, _ events: Int) async throws -> Measurement {
        let start = ContinuousClock.now
        var (count, last) = (0, Position.start)
        while true {
            let page = try await store.readLog(after: last, .forwards, limit: batch)
            guard let event = page.last else { break }
            count += page.count
            last = event.position
        }
        guard count == events else { throw WrongAnswer() }
        return Measurement(count: count, seconds: (ContinuousClock.now - start).inSeconds)
    }

    private static func project(
        _ store: PostgresEventStore, into client: PostgresClient, _ events: Int
    ) async throws -> Measurement {
        let start = ContinuousClock.now
        let isDone = try await InvoiceLog.withProjection(of: store, into: client) { applied in
            try await applied.wait(until: Position(Int64(events)), atMost: .seconds(600))
        }
        let seconds = (ContinuousClock.now - start).inSeconds
        let rows = try await client.query(
            PostgresStatement("select count(*) from invoices where payment_status = 'paid'"))
        guard isDone, try rows.first?.decode(Int64.self) == Int64(events / 2) else { throw WrongAnswer() }
        return Measurement(count: events, seconds: seconds)
    }

    /// As long as the document of such an invoice.
    private static let document = String(repeating: "d", count: 480)

    /// Of such a reference and a number.
    private static let grams = (0..<22).map { "g\($0)" }.joined(separator: "\n")

    /// A transaction for every 500 events, which are two for each of 250 rows.
    private static func upsert(_ bench: Bench, in database: Database) async throws -> Measurement {
        try await bench.run(
            "create table places (id int primary key, position bigint not null); insert into places values (1, 0)",
            in: database)
        let measurement = try await bench.pgbench(in: database).run(
            """
            \\set first random(0, \(bench.effort.projectedEvents / batch - 1)) * \(batch / 2)
            begin;
            update places set position = position + \(batch) where id = 1;
            insert into invoices (
                tenant, id, customer_id, currency, state, payment_status, amount, paid_amount, refunded_amount, due_date,
                due_day, created_at, issued_at, series, number_year, number_in_year, number, reference, position,
                search, search_grams, revision, document_version, document)
            select tenant, id, customer, 'EUR', 'closed', 'paid', 12500, 12500, 0, null, null, now(), now(), 'INV', 2026,
                number, 'INV-2026-' || number, 'a reference', number, 'a reference', '\(grams)', 1, 1, '\(document)'
            from unnest(
                array_fill('\(InvoiceLog.tenant)'::text, array[\(batch / 2)]),
                array(select md5(n::text)::uuid from generate_series(:first, :first + \(batch / 2 - 1)) n),
                array_fill('00000000-0000-0000-0000-000000000001'::uuid, array[\(batch / 2)]),
                array(select generate_series(:first, :first + \(batch / 2 - 1)))) as row (tenant, id, customer, number)
            on conflict (tenant, id) do update set
                customer_id = excluded.customer_id, currency = excluded.currency, state = excluded.state,
                payment_status = excluded.payment_status, amount = excluded.amount, paid_amount = excluded.paid_amount,
                refunded_amount = excluded.refunded_amount, due_date = excluded.due_date, due_day = excluded.due_day,
                created_at = excluded.created_at, issued_at = excluded.issued_at, series = excluded.series,
                number_year = excluded.number_year, number_in_year = excluded.number_in_year, number = excluded.number,
                reference = excluded.reference, position = excluded.position, search = excluded.search,
                search_grams = excluded.search_grams, revision = excluded.revision,
                document_version = excluded.document_version, document = excluded.document;
            commit;
            """, clients: 1, seconds: bench.effort.seconds)
        return Measurement(
            count: measurement.count * batch, seconds: measurement.seconds, latencies: measurement.latencies)
    }
}
