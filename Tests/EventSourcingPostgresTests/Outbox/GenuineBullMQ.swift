import EmbeddedPostgres
import FoundationEssentials
import PostgresTesting
import Subprocess
import SystemPackage
import Testing

/// BullMQ of PyPI with its PostgreSQL backend on the database of the current test.
struct GenuineBullMQ {
    /// What the worker says of a job.
    struct Handled: Decodable, Hashable {
        let id: String
        let name: String
        let attempt: Int
        let data: Content

        struct Content: Decodable, Hashable {
            let eventId: String?
            let tenant: String?
            let stream: String?
            let revision: Int64?
            let payloadBase64: String?
        }
    }

    private let connection: String

    /// Runs BullMQ's migrations.
    static func migrated() async throws -> GenuineBullMQ {
        let database = try TestDatabase.current
        let cluster = database.cluster
        let genuine = GenuineBullMQ(
            connection: "host=\(cluster.socketDirectory) port=\(cluster.port) user=\(cluster.username) "
                + "dbname=\(database.name)")
        _ = try await genuine.run(["migrate", genuine.connection])
        return genuine
    }

    /// Lets a worker handle jobs until so many have succeeded.
    func work(on queue: String, until count: Int) async throws -> [Handled] {
        try await run(["work", connection, queue, "\(count)"]).split(separator: "\n").map { line in
            try JSONDecoder().decode(Handled.self, from: Data(line.utf8))
        }
    }

    private func run(_ arguments: [String]) async throws -> String {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let python = repository.appending(path: ".venv-bullmq6/bin/python").path
        try #require(FileManager.default.fileExists(atPath: python), "\(python) is missing: run scripts/setup")
        let script = repository.appending(path: "Tests/Clients/bullmq/postgres_worker.py").path
        let result = try await Subprocess.run(
            .path(FilePath(python)), arguments: Arguments([script] + arguments), input: .none,
            output: .string(limit: 4 << 20), error: .string(limit: 1 << 20))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput
    }
}
