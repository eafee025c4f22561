import Foundation
import PostgresTesting
import Subprocess
import Testing

extension IntegrationTests {
    /// How often a request allocates memory, as the debug build does: a figure that does not depend on the machine. When it
    /// rises, look for what the request does now; when it falls, lower the figure here.
    @Suite struct Allocations {
        private static let found = 436.0
        private static let created = 1_350.0
        /// What the program does beside the requests, and where a buffer had to grow.
        private static let tolerance = 0.1

        @Test func `a request allocates no more than it did`() async throws {
            let directory = FileManager.default.temporaryDirectory.appending(path: "allocations-\(UUID())")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            let counter = AllocationCounter(in: directory)
            try await counter.build()
            let databases = try await TestDatabases.make()
            // What brings events out works beside the requests, and in batches: there is no figure for it.
            let environment = databases.environment.merging(counter.environment) { $1 }.merging(["RELAY": "no"]) { $1 }
            try await InvoicesProgram.serving(environment: environment) { service in
                let id = try await service.create().id
                let found = try await counter.perRequest {
                    let answer = try await service.get("/invoices/\(id)")
                    #expect(answer.status == 200)
                }
                let created = try await counter.perRequest { _ = try await service.create() }
                #expect(abs(found / Self.found - 1) < Self.tolerance, "a GET allocates \(found) times")
                #expect(abs(created / Self.created - 1) < Self.tolerance, "a POST allocates \(created) times")
            }
        }
    }
}

/// Counts the allocations of a program, by a library that is preloaded into it.
private struct AllocationCounter {
    private let library: URL
    private let count: URL

    init(in directory: URL) {
        library = directory.appending(path: "allocations.so")
        count = directory.appending(path: "count")
    }

    var environment: [String: String] { ["LD_PRELOAD": library.path, "ALLOCATIONS": count.path] }

    /// Compiles the library, by the C compiler of Swift's toolchain.
    func build() async throws {
        let source = try #require(
            Bundle.module.url(forResource: "allocations", withExtension: "c", subdirectory: "Fixtures"))
        let result = try await Subprocess.run(
            .name("clang"), arguments: ["-shared", "-fPIC", "-O1", "-o", library.path, source.path],
            output: .discarded, error: .string(limit: 1 << 16))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
    }

    /// How often the program allocates during one of many requests, after as many to warm up.
    func perRequest(_ request: () async throws -> Void) async throws -> Double {
        let number = 300
        for _ in 0..<number { try await request() }
        let before = try total()
        for _ in 0..<number { try await request() }
        return Double(try total() - before) / Double(number)
    }

    private func total() throws -> UInt64 {
        let bytes = try Data(contentsOf: count)
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }
}
