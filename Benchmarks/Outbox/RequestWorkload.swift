import FoundationEssentials

/// What a POST costs more when its events go into a queue: two services, of which one brings all events to Redis.
enum RequestWorkload {
    private static let with = "POST /invoices, all events into a queue"
    private static let without = "POST /invoices, no queue"

    static func run(on bench: Bench) async throws -> Report {
        try await BenchmarkRedis.running(on: bench) { redis in
            try await withService(
                "queued", on: bench,
                [
                    "RELAY": "yes", "REDIS_URL": "unix://\(redis.socket)", "OUTBOX_ROUTES": "notification=*",
                    "EVENT_HANDLERS": "queued",
                ]
            ) { queued in
                try await withService("unqueued", on: bench) { unqueued in
                    let requests = "\(bench.directory)/post"
                    try "POST /invoices \(HTTPContest.newInvoice)\nPOST /invoices \(HTTPContest.newInvoice)"
                        .write(toFile: requests, atomically: false, encoding: .utf8)
                    func contender(_ name: String, _ server: HTTPServer) -> Contender {
                        Contender(name, program: server.processID) {
                            try await redis.empty()
                            return try await Wrk.run(
                                requests, connections: 64, once: false, on: server, seconds: bench.effort.seconds)
                        }
                    }
                    let contenders = [contender(with, queued), contender(without, unqueued)]
                    var report = Report("Request", unit: "requests", contenders, try await bench.rounds(contenders))
                    report.compare("outbox-request", with, to: without, reach: 0.95)
                    return report
                }
            }
        }
    }

    private static func withService(
        _ name: String, on bench: Bench, _ settings: [String: String] = [:],
        _ body: (HTTPServer) async throws -> Report
    ) async throws -> Report {
        try await bench.withDatabase("\(name)_log") { log in
            try await bench.withDatabase("\(name)_rows", migrations: "read_db") { rows in
                try await HTTPContest.withService(name, log, rows, bench, settings: settings, body)
            }
        }
    }
}
