import AppendWorkload
import EmbeddedPostgres
import EventSourcing
import EventSourcingPostgres
import Glibc
import LibPQ
import PostgresTesting
import Testing

/// Consumers and their database are killed while writers append.
@Suite(.database, .timeLimit(.minutes(5)), .serialized) struct SubscriptionFaultTests {
    private enum Fault: CaseIterable {
        case killConsumer, killDatabase, killSession
    }

    @Test func `every event is handled, none before the one before it in its stream, whatever is killed`() async throws
    {
        let seed = Seeds.make(1)[0]
        var random = SplitMix64(seed: seed)
        let faults = (0..<3).flatMap { _ in Fault.allCases.shuffled(using: &random) }
        let notes = try TestDatabase.current
        try await withTemporaryFolder { folder in
            let cluster = LentCluster(try await .start(in: "\(folder)/e", settings: ["fsync": "off"]))
            let events = try await TestDatabase.make(in: cluster.running)
            try await events.withClient(pool: .returningSoon) { client in
                try await client.migrate("event_store")
                let store = PostgresEventStore(client, appended: PositionSignal())
                try await notes.withClient { notesClient in
                    try await notesClient.withConnection { try await $0.script(Self.handled) }
                    try await Workers.running(2, doing: "consume", from: events, to: notes) { workers in
                        for (round, fault) in faults.enumerated() {
                            try await Writing.run(seed: seed, round: round, on: store, pace: .milliseconds(20)) {
                                switch fault {
                                case .killConsumer:
                                    if let process = workers[round % 2] { kill(process, SIGKILL) }
                                case .killDatabase: try await cluster.crash()
                                case .killSession:
                                    let victims = try cluster.running.backends(of: events.name)
                                    if let victim = victims.randomElement() { kill(victim, SIGKILL) }
                                }
                            }
                        }
                        try await settle(store, client, "TEST_SEED=\(seed)")
                    }
                    try await audit(store, notesClient, "TEST_SEED=\(seed)")
                }
            }
            try await cluster.running.stop()
        }
    }

    /// Waits until the group has settled everything, and expects that it did so once for each event.
    private func settle(_ store: PostgresEventStore, _ client: PostgresClient, _ comment: Comment) async throws {
        let administration = PostgresSubscriptionAdministration(client)
        let id = try SubscriptionID("faults")
        let head = try await store.head()
        let start = ContinuousClock.now
        var info = try await administration.info(id)
        while info.settled < head.rawValue, ContinuousClock.now - start < .seconds(60) {
            try await Task.sleep(for: .milliseconds(20))
            info = try await administration.info(id)
        }
        #expect(info.settled == head.rawValue, comment)
        #expect(info.readPosition == head && info.lag == 0, comment)
        #expect(info.waiting + info.inFlight + info.retrying + info.parked + info.held == 0, comment)
        #expect(info.stopped == nil, comment)
    }

    /// Expects of what was handled that it is everything, and that nothing came before its predecessor.
    private func audit(_ store: PostgresEventStore, _ notes: PostgresClient, _ comment: Comment) async throws {
        let handled = try await notes.query(
            PostgresStatement("select position, stream, revision from handled order by number")
        ).map { try $0.decode(Int64.self, String.self, Int64.self) }
        var last: [String: Int64] = [:]
        for (position, stream, revision) in handled {
            let next = last[stream, default: -1] + 1
            #expect(revision <= next, "\(comment): \(stream) at position \(position), after revision \(next - 1)")
            last[stream] = max(revision, next - 1)
        }
        var expected: [String: Int64] = [:]
        var positions: Set<Int64> = []
        for try await event in store.log(after: .start, pageSize: 2_000) {
            expected[event.stream.rawValue] = event.revision.rawValue
            positions.insert(event.position.rawValue)
        }
        #expect(last == expected, comment)
        #expect(Set(handled.map(\.0)) == positions, comment)
        print("\(positions.count) events were handled \(handled.count) times")
    }

    /// On a server that nobody kills. The numbers are given in the order in which events are handled.
    private static let handled = """
        create table handled (
            number bigint primary key generated always as identity, position bigint, stream text, revision bigint)
        """
}
