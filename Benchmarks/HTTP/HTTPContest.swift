import EmbeddedPostgres
import EventSourcing
import FoundationEssentials
import Glibc
import LibPQ

/// The service, Hummingbird alone and the twin in Python, each in a process of its own, on the same invoices.
struct HTTPContest: Sendable {
    let bench: Bench
    let service: HTTPServer
    let bare: HTTPServer
    let twin: HTTPServer
    /// That many invoices are there at first; none is paid.
    let invoices: Int
    /// Those of the service.
    let databases: [Database]

    /// Runs `body` with all three. The service has caught up with a log that was there before it.
    static func withServers(
        on bench: Bench, forPaying: Bool, _ body: (HTTPContest) async throws -> Report
    ) async throws -> Report {
        let invoices = forPaying ? bench.effort.payableInvoices : bench.effort.readInvoices
        return try await bench.withDatabase("http_log") { log in
            try await bench.withDatabase("http_rows", migrations: "read_db") { rows in
                try await bench.withDatabase("http_twin", migrations: nil) { table in
                    bench.progress("filling a store and a table with \(invoices) invoices")
                    try await InvoiceLog.fill(log, events: invoices, perInvoice: 1, on: bench)
                    try await fillTwin(table, invoices: invoices, on: bench)
                    return try await withService("service", log, rows, bench) { service in
                        try await awaitInvoices(invoices, in: rows)
                        try await bench.run("vacuum (analyze)", "checkpoint", in: rows)
                        return try await withBare(like: service, bench) { bare in
                            try await withTwin(table, bench) { twin in
                                try await body(
                                    HTTPContest(
                                        bench: bench, service: service, bare: bare, twin: twin, invoices: invoices,
                                        databases: [log, rows]))
                            }
                        }
                    }
                }
            }
        }
    }

    /// The id of the n-th invoice, from 0.
    static func id(_ n: Int) -> String { SampleEvent.entity(n).text }

    /// A row of the table for each of the three. When the database's time belongs to a row, it is that of its server.
    ///
    /// - Parameter requests: makes the file of requests of a run.
    func contenders(
        _ name: String, connections: Int = 64, once: Bool = false,
        requests: @escaping @Sendable (HTTPServer) throws -> String
    ) -> [Contender] {
        [("the service", service), ("Hummingbird alone", bare), ("FastAPI, asyncpg", twin)].map { who, server in
            Contender("\(name), \(who)", program: server.processID) {
                try await Wrk.run(
                    try requests(server), connections: connections, once: once, on: server,
                    seconds: bench.effort.seconds)
            }
        }
    }

    /// The report of one row, with its ratios.
    ///
    /// - Parameters:
    ///   - bareReach: what the service's rate has to be, divided by that of Hummingbird alone; nil: not compared.
    ///   - twinReach: the same with that of the twin.
    func report(
        _ title: String, _ name: String, _ contenders: [Contender], bareReach: Double?, twinReach: Double?
    ) async throws -> Report {
        var report = Report(title, unit: "requests", contenders, try await bench.rounds(contenders))
        let key = "http-\(title.lowercased())"
        if let bareReach {
            report.compare("\(key)-bare", "\(name), the service", to: "\(name), Hummingbird alone", reach: bareReach)
        }
        if let twinReach {
            report.compare("\(key)-twin", "\(name), the service", to: "\(name), FastAPI, asyncpg", reach: twinReach)
        }
        return report
    }

    /// A file of requests, a line each.
    func file(_ name: String, _ lines: some Sequence<String>) throws -> String {
        let path = "\(bench.directory)/\(name)"
        try lines.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }
}

// MARK: - Servers

extension HTTPContest {
    /// Runs `body` with a service on these databases.
    ///
    /// - Parameters:
    ///   - name: names the file of its log.
    ///   - settings: besides those of the databases.
    static func withService(
        _ name: String = "service", _ log: Database, _ rows: Database, _ bench: Bench, settings: [String: String] = [:],
        _ body: (HTTPServer) async throws -> Report
    ) async throws -> Report {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(filePath: own).deletingLastPathComponent().appending(path: "invoices").path
        // Nothing leaves, unless the settings say so.
        var environment = ["TENANT": InvoiceLog.tenant, "RELAY": "no"].merging(settings) { $1 }
        for (section, database) in [("EVENT_STORE", log), ("READ_DB", rows)] {
            environment["\(section)_HOST"] = database.server.socketDirectory
            environment["\(section)_PORT"] = "\(database.server.port)"
            environment["\(section)_USERNAME"] = database.server.username
            environment["\(section)_DATABASE"] = database.name
        }
        return try await HTTPServer.run(
            program, { ["serve", "--port", "\($0)"] }, environment: environment,
            log: "\(bench.directory)/\(name).log", body)
    }

    /// Hummingbird alone answers with the bytes of the service.
    private static func withBare(
        like service: HTTPServer, _ bench: Bench, _ body: (HTTPServer) async throws -> Report
    ) async throws -> Report {
        var files: [String: String] = [:]
        for (name, path) in [("invoice", "/invoices/\(id(0))"), ("page", "/invoices?limit=50")] {
            let file = "\(bench.directory)/\(name).json"
            try Data(try LocalHTTP.get(path, port: service.port)).write(to: URL(filePath: file))
            files[name] = file
        }
        return try await HTTPServer.run(
            "/proc/\(getpid())/exe",
            { ["bare", "--port", "\($0)", "--invoice", files["invoice"] ?? "", "--page", files["page"] ?? ""] },
            log: bench.directory + "/bare.log", body)
    }

    private static func withTwin(
        _ table: Database, _ bench: Bench, _ body: (HTTPServer) async throws -> Report
    ) async throws -> Report {
        try await HTTPServer.run(
            ".venv/bin/python",
            {
                [
                    "-m", "uvicorn", "invoices_twin:app", "--app-dir", "Benchmarks/peers", "--port", "\($0)",
                    "--workers", "2", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level",
                    "warning",
                ]
            },
            environment: [
                "PGHOST": table.server.socketDirectory, "PGPORT": "\(table.server.port)",
                "PGUSER": table.server.username, "PGDATABASE": table.name,
            ], log: bench.directory + "/twin.log", body)
    }

    private static func fillTwin(_ database: Database, invoices: Int, on bench: Bench) async throws {
        try await bench.run(
            """
            create table invoices (
                id uuid primary key, customer_id uuid not null, currency text not null, amount bigint not null,
                reference text, state text not null default 'open', paid_amount bigint not null default 0,
                created_at timestamptz not null default now(), paid_at timestamptz, revision bigint not null default 0)
            """, "create index on invoices (created_at desc, id desc)",
            """
            insert into invoices (id, customer_id, currency, amount, reference)
            select \(SampleEvent.entityID("n")), gen_random_uuid(), 'EUR', 12500, 'a reference'
            from generate_series(0, \(invoices - 1)) n
            """, "vacuum (analyze) invoices", "checkpoint", in: database)
    }

    /// Waits until the service's projection has made the rows.
    private static func awaitInvoices(_ count: Int, in rows: Database) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            let found = try await rows.withClient { client in
                try await client.query("select count(*) from invoices").first?.decode(Int64.self)
            }
            if found == Int64(count) { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw WrongAnswer()
    }
}
