import Foundation
import HTTPTesting
import LibPQ
import PostgresTesting
import Testing

#if canImport(Glibc)
import Glibc
#endif

extension IntegrationTests {
    /// The program ends within its bound, whatever clients do.
    @Suite struct Stopping {
        /// What clients do when the signal comes: they have sent a part of a request, and do not close the connection.
        private static let halves = [
            "", "GET /inv", "GET /invoices HTTP/1.1\r\nHost: a\r\n", "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
            post + "Content-Length: 10\r\n\r\n{", post + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
            post + "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n",
            "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{",
            post + "Connection: close\r\nContent-Length: 20000000\r\n\r\n{",
            "GET /invoices/stream?after=start HTTP/1.1\r\nHost: a\r\n\r\n",
        ]

        private static let post = "POST /invoices HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

        @Test(arguments: [SIGTERM, SIGINT])
        func `the program ends although clients go on`(signal: Int32) async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(["SHUTDOWN_TIMEOUT": "1"]) { $1 }
            let ending = try await InvoicesProgram.serving(environment: environment) { service in
                _ = try await service.create()
                let connections = try Self.halves.map { _ in try RawConnection(port: service.port) }
                for (connection, half) in zip(connections, Self.halves) { await connection.send(half) }
                while await !connections[Self.halves.count - 1].hasReceived("event: ") {}
                service.send(signal)
                for connection in connections { #expect(await connection.readToEnd().end != .silence) }
            }
            #expect(ending.exitCode == 0)
        }

        @Test func `the program ends although somebody holds the lock that a request waits for`() async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(["SHUTDOWN_TIMEOUT": "1"]) { $1 }
            let ending = try await databases.eventStore.withClient { client in
                try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    try await client.withConnection { holder in
                        try await holder.script("begin; lock table event_store.events in access exclusive mode")
                        let connection = try RawConnection(port: service.port)
                        let body = #"{"customerId": "0190a1b2-0000-7000-8000-00000000c001", "amount": 1}"#
                        await connection.send("\(Self.post)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                        try await Self.waitForLock(in: databases.eventStore)
                        service.send(SIGTERM)
                        #expect(await connection.readToEnd().end != .silence)
                        while !service.hasEnded { try await Task.sleep(for: .milliseconds(20)) }
                        try await holder.script("rollback")
                    }
                }
            }
            #expect(ending.exitCode == 0)
        }

        private static func waitForLock(in database: TestDatabase) async throws {
            try await database.withClient { client in
                while try await client.query(
                    PostgresStatement("select 1 from pg_locks where not granted and database is not null")
                ).isEmpty {
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        }

        @Test func `what clients may take is set`() async throws {
            let databases = try await TestDatabases.make()
            let settings = ["IDLE_TIMEOUT": "1", "HEADERS_TIMEOUT": "1", "BODY_TIMEOUT": "1", "ANSWER_TIMEOUT": "1"]
            try await InvoicesProgram.serving(environment: databases.environment.merging(settings) { $1 }) { service in
                for (half, status) in [
                    ("", nil), ("GET /invoices", 408), (Self.post + "Content-Length: 10\r\n\r\n{", 408),
                ] as [(String, Int?)] {
                    let connection = try RawConnection(port: service.port)
                    await connection.send(half)
                    let (text, end) = await connection.readToEnd()
                    #expect(RawAnswer.all(in: text).map(\.status) == [status].compactMap(\.self))
                    #expect(end == .closed)
                }
            }
        }
    }
}

extension RunningInvoices {
    fileprivate var port: Int { url.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// Whether the process is no more than what its parent is to read of it.
    var hasEnded: Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
        return status.contains(") Z ")
    }
}
