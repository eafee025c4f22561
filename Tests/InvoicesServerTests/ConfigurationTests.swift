import Configuration
import EventSourcing
import FoundationEssentials
import InvoicesDomain
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
        #expect(configuration.lockTimeout == .seconds(10))
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

    @Test func `days are those of the zone that is set, and of UTC unless one is`() throws {
        let unset = try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: [:])))
        #expect(unset.calendar == .utc)
        let values: [AbsoluteConfigKey: ConfigValue] = ["business.time.zone": "Pacific/Auckland"]
        let set = try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: values)))
        #expect(set.calendar.zoneName == "Pacific/Auckland")
    }

    @Test(arguments: ["Europe/Berln", "PST", "+02:00", ""])
    func `a zone that does not exist is refused in a sentence`(name: String) {
        let values: [AbsoluteConfigKey: ConfigValue] = [
            "business.time.zone": ConfigValue(.string(name), isSecret: false)
        ]
        let failure = #expect(throws: Failure.self) {
            try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: values)))
        }
        #expect(
            failure?.description == """
                BUSINESS_TIME_ZONE: "\(name)" is not the name of a zone in the IANA time zone database, such as \
                Europe/Berlin or UTC
                """)
    }

    @Test(arguments: [("BGN", "EUR"), ("ANG", "XCG")])
    func `a default currency that was withdrawn is refused, and its successor is named`(
        code: String, successor: String
    ) {
        let values: [AbsoluteConfigKey: ConfigValue] = ["default.currency": ConfigValue(.string(code), isSecret: false)]
        let failure = #expect(throws: Failure.self) {
            try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: values)))
        }
        #expect(failure.map { "\($0)".contains("set \(successor) instead") } == true)
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
        let values: [AbsoluteConfigKey: ConfigValue] = [
            "event.store.password": "s3cret", "redis.url": "redis://:s3cret@host",
        ]
        let configuration = try ServerConfiguration(
            reading: ConfigReader(provider: InMemoryProvider(values: values)))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(configuration.eventStore?.password == "s3cret")
        #expect(!"\(configuration)\(dumped)".contains("s3cret"))
    }

    @Test func `routes name a queue and its events`() throws {
        let routes = try OutboxRoute.all(in: "audit = * ; mail=payment_received, created;")
        #expect(routes.map(\.queue) == ["audit", "mail"])
        #expect(routes[0].events.count == InvoiceEvent.Name.allCases.count)
        #expect(routes[1].events == ["created", "payment_received"])
        #expect(try OutboxRoute.all(in: "").isEmpty)
        #expect(try OutboxRoute.all(in: OutboxRoute.standard).map(\.sink) == ["queue.notification"])
        for type in InvoiceEvent.Name.allCases {
            let prefixes = try routes[0].filter(of: TenantID("main")).typePrefixes
            #expect(prefixes?.contains { type.rawValue.hasPrefix($0.rawValue) } == true)
        }
    }

    @Test func `a broken Redis URL is refused without its password`() throws {
        let values: [AbsoluteConfigKey: ConfigValue] = ["redis.url": "redis://user:s3cret@host:port"]
        let failure = #expect(throws: Failure.self) {
            try ServerConfiguration(reading: ConfigReader(provider: InMemoryProvider(values: values)))
        }
        #expect(failure?.description.hasPrefix("REDIS_URL: ") == true)
        #expect(failure?.description.contains("s3cret") == false)
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
