import EmbeddedPostgres
import Glibc
import ServerProcesses
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `As a service, an embedded server` {
    @Test func `is stopped by graceful shutdown`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedPostgres.start(in: directory)
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup { group in
                    group.addTask { try await server.run() }
                    trigger.triggerGracefulShutdown()
                    try await group.waitForAll()
                }
            }
            #expect(Glibc.kill(server.processID, 0) == -1)
        }
    }

    @Test func `is stopped by cancellation`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedPostgres.start(in: directory)
            try await withThrowingTaskGroup { group in
                group.addTask { try await server.run() }
                group.cancelAll()
                try await group.waitForAll()
            }
            #expect(Glibc.kill(server.processID, 0) == -1)
        }
    }

    @Test func `fails when it ends by itself`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedPostgres.start(in: directory)
            Glibc.kill(server.processID, SIGINT)
            let error = await #expect(throws: PrivateServerError.self) { try await server.run() }
            #expect(error?.description.contains("received fast shutdown request") == true)
        }
    }
}
