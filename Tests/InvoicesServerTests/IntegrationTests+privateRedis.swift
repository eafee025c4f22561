import Foundation
import PostgresTesting
import RedisTesting
import Testing

#if canImport(Glibc)
import Glibc
#endif

extension IntegrationTests {
    /// The Redis that the service starts itself, beside private databases.
    @Suite struct PrivateRedisServer {
        @Test func `it is started, and started again when it is killed, and keeps its jobs`() async throws {
            try await withTemporaryFolder { folder in
                let environment = ["DATA_DIRECTORY": "\(folder)/data"]
                let redis = RedisCommandLine(socket: "\(folder)/data/redis/data/redis.sock")
                let ending = try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    try await redis.wait(untilLengthOf: "bull:notification:wait", is: 1)
                    kill(try await redis.processID(), SIGKILL)
                    _ = try await service.create()
                    try await redis.wait(untilLengthOf: "bull:notification:wait", is: 2)
                    try await service.wait(for: Health(status: "ok", relay: "ok"))
                }
                #expect(ending.exitCode == 0)
                #expect(!redis.isListening)
                try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    try await redis.wait(untilLengthOf: "bull:notification:wait", is: 3)
                    service.send(SIGKILL)
                }
                while redis.isListening { try await Task.sleep(for: .milliseconds(20)) }
            }
        }

        @Test func `where redis-server is not installed the service works, and says in one line that queues are off`()
            async throws
        {
            try await withTemporaryFolder { folder in
                for program in ["sh", "setpriv", "sleep"] {
                    let path = try #require(["/usr/bin", "/bin"].first { access("\($0)/\(program)", X_OK) == 0 })
                    try FileManager.default.createSymbolicLink(
                        atPath: "\(folder)/\(program)", withDestinationPath: "\(path)/\(program)")
                }
                let environment = ["DATA_DIRECTORY": "\(folder)/data", "PATH": folder]
                let ending = try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    #expect(try await service.health() == Health(status: "ok", relay: nil))
                }
                #expect(ending.exitCode == 0)
                let lines = ending.output.filter { $0.contains("Queues are off") }
                #expect(lines.count == 1)
                #expect(lines.first?.contains("apt-get install redis-server") == true)
            }
        }
    }
}
