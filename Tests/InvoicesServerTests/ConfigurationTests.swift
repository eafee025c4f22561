import Configuration
import FoundationEssentials
import LibPQ
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
    }

    @Test func `one setting of a database is enough to use it, with defaults for the others`() throws {
        let configuration = try ServerConfiguration(
            reading: ConfigReader(provider: InMemoryProvider(values: ["read.db.host": "db.example"])))
        let database = try #require(configuration.readDatabase)
        #expect(configuration.eventStore == nil)
        #expect(database.hosts == [.init("db.example", port: 5433)])
        #expect(database.tls == PostgresTLS())
        #expect(database.username == "postgres")
        #expect(database.database == "read_db")
    }

    @Test func `several hosts share a port, or have one each`() throws {
        func hosts(_ host: String, _ port: String) throws -> [PostgresConfiguration.Host]? {
            let values: [AbsoluteConfigKey: ConfigValue] = [
                "read.db.host": ConfigValue(.string(host), isSecret: false),
                "read.db.port": ConfigValue(.string(port), isSecret: false),
            ]
            return try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: values)))
                .readDatabase?.hosts
        }
        #expect(try hosts("a, b", "6432") == [.init("a", port: 6432), .init("b", port: 6432)])
        #expect(try hosts("a,::1", "1,2") == [.init("a", port: 1), .init("::1", port: 2)])
        for (host, port) in [("a,", "1"), ("", "1"), ("a,b", "1,2,3"), ("a", "1,2"), ("a,b", "1,0")] {
            #expect(throws: Failure.self, "\(host) \(port)") { try hosts(host, port) }
        }
    }

    @Test(arguments: ["event.store", "read.db"]) func `TLS is set for each database`(section: String) throws {
        let values = [
            "ssl.mode": "verify-full", "ssl.root.cert": "/ca.crt", "ssl.cert": "/client.crt", "ssl.key": "/client.key",
        ].map { (AbsoluteConfigKey(["\(section).\($0)"].flatMap { $0.split(separator: ".").map(String.init) }), $1) }
        let provider = InMemoryProvider(
            values: Dictionary(uniqueKeysWithValues: values.map { ($0, ConfigValue(.string($1), isSecret: false)) }))
        let configuration = try ServerConfiguration(reading: ConfigReader(provider: provider))
        let database = section == "read.db" ? configuration.readDatabase : configuration.eventStore
        #expect(
            database?.tls
                == PostgresTLS(
                    mode: .verifyFull, rootCertificateFile: "/ca.crt", certificateFile: "/client.crt",
                    keyFile: "/client.key"))
    }

    @Test func `an empty setting of TLS is none`() throws {
        let values = ["ssl.mode", "ssl.root.cert", "ssl.cert", "ssl.key"].map {
            (
                AbsoluteConfigKey("event.store.\($0)".split(separator: ".").map(String.init)),
                ConfigValue(.string(""), isSecret: false)
            )
        }
        let provider = InMemoryProvider(values: Dictionary(uniqueKeysWithValues: values))
        let configuration = try ServerConfiguration(reading: ConfigReader(provider: provider))
        #expect(configuration.eventStore?.tls == PostgresTLS())
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
