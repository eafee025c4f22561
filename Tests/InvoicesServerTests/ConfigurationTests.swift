import Configuration
import FoundationEssentials
import Synchronization
import Testing

@testable import InvoicesServer

@Suite struct ConfigurationTests {
    @Test func `the file .env.example names exactly the keys that are read`() throws {
        let reporter = KeyCollector()
        _ = try ServerConfiguration(
            reading: ConfigReader(provider: InMemoryProvider(values: [:]), accessReporter: reporter))
        let read = Set(reporter.keys.map { $0.components.joined(separator: "_").uppercased() })
        let file = try String(contentsOfFile: repositoryFile(".env.example"), encoding: .utf8)
        let named = file.split(separator: "\n").compactMap { $0.wholeMatch(of: #/#? ?([A-Z_]+)=.*/#)?.output.1 }
        #expect(Set(named.map(String.init)) == read)
        #expect(named.count == read.count, "a key stands twice")
    }

    @Test func `without settings both databases are private, and only this machine is served`() throws {
        let configuration = try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: [:])))
        #expect(configuration.eventStore == nil)
        #expect(configuration.readDatabase == nil)
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 3001)
        #expect(configuration.lockTimeout == .seconds(10))
    }

    @Test func `one setting of a database is enough to use it, with defaults for the others`() throws {
        let configuration = try ServerConfiguration(
            reading: ConfigReader(provider: InMemoryProvider(values: ["read.db.host": "db.example"])))
        let database = try #require(configuration.readDatabase)
        #expect(configuration.eventStore == nil)
        #expect(database.host == "db.example")
        #expect(database.port == 5433)
        #expect(database.username == "postgres")
        #expect(database.database == "read_db")
    }

    @Test(arguments: [("1", 1), ("3600", 3_600)]) func `locks are waited for as long as is set`(
        text: String, seconds: Int
    ) throws {
        let values: [AbsoluteConfigKey: ConfigValue] = ["lock.timeout": .init(.string(text), isSecret: false)]
        let configuration = try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: values)))
        #expect(configuration.lockTimeout == .seconds(seconds))
    }

    @Test(arguments: ["0", "3601", "-1", "1.5", "10s", "ten", ""]) func `other lock timeouts are refused`(
        text: String
    ) throws {
        let values: [AbsoluteConfigKey: ConfigValue] = ["lock.timeout": .init(.string(text), isSecret: false)]
        let failure = #expect(throws: Failure.self) {
            try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: values)))
        }
        #expect(failure?.description == "LOCK_TIMEOUT: \"\(text)\" is not a number of seconds from 1 to 3600")
    }

    @Test func `a password shows in no description and no reflection`() throws {
        let values: [AbsoluteConfigKey: ConfigValue] = ["event.store.password": "s3cret"]
        let configuration = try ServerConfiguration(
            reading: ConfigReader(provider: InMemoryProvider(values: values)))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(configuration.eventStore?.password == "s3cret")
        #expect(!"\(configuration)\(dumped)".contains("s3cret"))
    }

    private func repositoryFile(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../\(name)").path
    }
}

/// Collects the keys that a reader is asked for.
private final class KeyCollector: AccessReporter {
    private let collected = Mutex<Set<AbsoluteConfigKey>>([])

    var keys: Set<AbsoluteConfigKey> { collected.withLock { $0 } }

    func report(_ event: AccessEvent) {
        collected.withLock { _ = $0.insert(event.metadata.key) }
    }
}
