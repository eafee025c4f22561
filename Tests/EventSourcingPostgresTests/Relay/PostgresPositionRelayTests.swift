import EventSourcing
import FoundationEssentials
import LibPQ
import Logging
import PostgresTesting
import ServiceLifecycle
import Testing

@testable import EventSourcingPostgres

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresPositionRelayTests {
    private static let logger = Logger(label: "relay")
    /// The sessions of this test's database that listen.
    private static let listeners =
        "from pg_stat_activity where datname = current_database() and query ilike 'listen%'"

    @Test func `a process hears of what another one appends, with the rights of the service`() async throws {
        try await withStores { here, there in
            async let _: Void = PostgresPositionRelay.log(of: here, logger: Self.logger).run()
            async let _: Void = PostgresPositionRelay.log(of: there, logger: Self.logger).run()
            for number in 1...20 {
                let store = number.isMultiple(of: 3) ? here : there
                let position = try await append(to: store)
                try await reach(position, here.appended)
                try await reach(position, there.appended)
            }
        }
    }

    @Test func `what was appended while nobody listened is known as soon as somebody does`() async throws {
        try await withStores { here, there in
            let position = try await append(to: there)
            async let _: Void = PostgresPositionRelay.log(of: here, logger: Self.logger).run()
            try await reach(position, here.appended)
        }
    }

    @Test func `what nobody announces is known soon after, also when the connection was cut`() async throws {
        try await withStores { here, there in
            let first = try await append(to: there)
            async let _: Void = PostgresPositionRelay.log(of: here, logger: Self.logger).run()
            try await reach(first, here.appended)
            for isCut in [false, true, true] {
                let position = try await append(to: there)
                if isCut {
                    try await withClient {
                        try await $0.execute(PostgresStatement("select pg_terminate_backend(pid) \(Self.listeners)"))
                    }
                }
                try await reach(position, here.appended)
            }
        }
    }

    @Test func `announcements of a thousand positions are few, the last one among them`() async throws {
        try await withClient { client in
            let (signal, channel) = (PositionSignal(), "many")
            let relay = PostgresPositionRelay(["it": signal], on: channel, of: client, logger: Self.logger) { [:] }
            let payloads = client.notifications(on: channel)
            var iterator = payloads.makeAsyncIterator()
            #expect(try await iterator.next() == .listening)
            async let _: Void = relay.run()
            try await client.join("many", heard: &iterator)
            let start = ContinuousClock.now
            for number in 1...1_000 {
                signal.advance(to: Position(Int64(number)))
                if number.isMultiple(of: 10) { await Task.yield() }
            }
            var heard: [PositionAnnouncement] = []
            while heard.last?.position != Position(1_000) {
                guard case .received(let payload, _) = try await iterator.next() else { continue }
                if let announcement = PositionAnnouncement(payload: payload) { heard.append(announcement) }
            }
            let most = 2 + Int((ContinuousClock.now - start) / .milliseconds(25))
            #expect(heard.count <= most)
            #expect(heard.map(\.position) == heard.map(\.position).sorted())
        }
    }

    @Test func `what was heard is not announced again`() async throws {
        try await withClient { here in
            try await withClient { there in
                let signals = [PositionSignal(), PositionSignal()]
                let relays = zip([here, there], signals).map { client, signal in
                    PostgresPositionRelay(["it": signal], on: "echo", of: client, logger: Self.logger) { [:] }
                }
                let notifications = here.notifications(on: "echo")
                var iterator = notifications.makeAsyncIterator()
                #expect(try await iterator.next() == .listening)
                async let _: Void = relays[0].run()
                async let _: Void = relays[1].run()
                try await here.join("echo", with: 2, heard: &iterator)
                var heard: [String] = []
                for number in 1...5 {
                    signals[0].advance(to: Position(Int64(number)))
                    try await reach(Position(Int64(number)), signals[1])
                }
                // A last one from there: an echo of what came before would have come before it.
                signals[1].advance(to: Position(6))
                while heard.last != "it 6" {
                    guard case .received(let payload, _) = try await iterator.next() else { continue }
                    if PositionAnnouncement(payload: payload) != nil { heard.append(payload) }
                }
                #expect(heard.filter { $0 != "it 6" } == (1...5).map { "it \($0)" })
            }
        }
    }

    @Test func `a process hears how far a projection of another one has come`() async throws {
        try await withDatabase(migrations: "read_db") { here in
            try await withClient { there in
                let (ours, theirs) = (PositionSignal(), PositionSignal())
                try await here.execute(
                    PostgresStatement(
                        "insert into checkpoints (projection, partition, position) values ('invoices', 0, 7)"))
                async let _: Void = PostgresPositionRelay.projections(
                    ["invoices": ours], in: here, logger: Self.logger
                ).run()
                try await reach(Position(7), ours)
                async let _: Void = PostgresPositionRelay.projections(
                    ["invoices": theirs], in: there, logger: Self.logger
                ).run()
                theirs.advance(to: Position(9))
                try await reach(Position(9), ours)
                #expect(ours.position == Position(9))
            }
        }
    }

    @Test func `a process that is alone announces nothing, and what it has reached when another one comes`()
        async throws
    {
        try await withClient { client in
            let (signal, channel) = (PositionSignal(), "alone")
            let relay = PostgresPositionRelay(["it": signal], on: channel, of: client, logger: Self.logger) { [:] }
            let payloads = client.notifications(on: channel)
            var iterator = payloads.makeAsyncIterator()
            #expect(try await iterator.next() == .listening)
            async let _: Void = relay.run()
            guard case .received(let arrived, _) = try await iterator.next() else { return }
            #expect(arrived.hasPrefix("arrived "))
            for number in 1...5 {
                signal.advance(to: Position(Int64(number)))
                try await Task.sleep(for: .milliseconds(30))
            }
            try await client.execute("select pg_notify($1, $2)", channel, RelayMessage.arrived(UUID()).payload)
            var heard: [String] = []
            while heard.last != "it 5" {
                guard case .received(let payload, _) = try await iterator.next() else { continue }
                heard.append(payload)
            }
            // Its own message and the answer to it, and no other position.
            #expect(heard.count == 3)
        }
    }

    @Test(
        arguments: [
            .position(PositionAnnouncement(name: "a b", position: Position(7))), .arrived(UUID()),
            .present(UUID()),
        ] as [RelayMessage])
    func `a message is read as it was written`(_ message: RelayMessage) {
        #expect(RelayMessage(payload: message.payload) == message)
    }

    @Test(arguments: ["", "arrived", "arrived x", "left \(UUID())", "arrived  \(UUID())"])
    func `what is no message is not taken for one`(_ payload: String) {
        #expect(RelayMessage(payload: payload) == nil)
    }

    @Test func `a process counts as present for a while after it was heard`() {
        let (peers, now) = (RelayPeers(), ContinuousClock.now)
        #expect(!peers.isAny(at: now))
        peers.note(UUID(), at: now)
        #expect(peers.isAny(at: now + .seconds(29)))
        #expect(!peers.isAny(at: now + .seconds(31)))
    }

    @Test func `who waits for another process ends with its task`() async throws {
        let peers = RelayPeers()
        let waiting = Task { try await peers.waitForOne() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        async let found: Void = peers.waitForOne()
        peers.note(UUID())
        try await found
    }

    @Test(arguments: ["", "7", "it", "it ", "it x", "it -1", "it 99999999999999999999"])
    func `what is no announcement is not taken for one`(_ payload: String) {
        #expect(PositionAnnouncement(payload: payload) == nil)
    }

    /// Waits until the signal is where it should come to.
    private func reach(_ position: Position, _ signal: PositionSignal) async throws {
        let isReached = try await signal.wait(until: position, atMost: .seconds(60))
        #expect(isReached)
    }

    private func append(to store: PostgresEventStore) async throws -> Position {
        let event = try NewEvent(
            id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: []),
            metadata: EventPayload(bytes: []))
        let stream = try StreamName("tests.thing.v1-core-\(UUID().uuidString.filter { $0 != "-" })")
        return try await store.append([event], to: stream, expecting: .noStream).position
    }

    /// Runs `body` with the event stores of two processes.
    private func withStores(_ body: (PostgresEventStore, PostgresEventStore) async throws -> Void) async throws {
        try await withDatabase(migrations: "event_store") { _ in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { here in
                try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { there in
                    try await body(
                        PostgresEventStore(here, appended: PositionSignal()),
                        PostgresEventStore(there, appended: PositionSignal()))
                }
            }
        }
    }
}

extension PostgresClient {
    /// Says that a process has arrived, until so many that are there have answered.
    fileprivate func join<Notifications: AsyncIteratorProtocol>(
        _ channel: String, with count: Int = 1, heard iterator: inout Notifications
    ) async throws where Notifications.Element == PostgresNotification, Notifications.Failure == any Error {
        let own = RelayMessage.arrived(UUID())
        var present: Set<RelayMessage> = []
        while present.count < count {
            try await execute("select pg_notify($1, $2)", channel, own.payload)
            while case .received(let payload, _) = try await iterator.next(isolation: #isolation),
                payload != own.payload
            {
                if let message = RelayMessage(payload: payload), case .present = message { present.insert(message) }
            }
        }
    }
}
