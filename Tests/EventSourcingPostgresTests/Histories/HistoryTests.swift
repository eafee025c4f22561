import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

/// Random histories: what a seed makes of them must hold in all of them.
@Suite(.database, .timeLimit(.minutes(5))) struct HistoryTests {
    @Test func `the store in PostgreSQL answers every history as the one in memory does`() async throws {
        try await withDatabase(migrations: "event_store") { client in
            for seed in Seeds.make(24) {
                try await client.forgetEverything()
                try await follow(seed, on: client)
            }
        }
    }

    @Test func `concurrent appends of two processes are as if they came one after the other`() async throws {
        try await withDatabase(migrations: "event_store") { client in
            try await withClient { other in
                for seed in Seeds.make(24) {
                    try await client.forgetEverything()
                    try await followConcurrently(seed, on: [client, other])
                }
            }
        }
    }

    private func followConcurrently(_ seed: UInt64, on clients: [PostgresClient]) async throws {
        let stores = clients.map {
            PostgresEventStore($0, limits: RandomHistory.limits, appended: PositionSignal())
        }
        let history = try ConcurrentHistory(seed: seed)
        try await withThrowingTaskGroup { group in
            for worker in 0..<12 {
                group.addTask {
                    for _ in 0..<12 { try await history.step(on: stores[worker % stores.count]) }
                }
            }
            try await group.waitForAll()
        }
        let log = try await stores[0].readLog(after: nil, .forwards, limit: 5_000)
        try #require(log.map(\.position.rawValue) == (0..<Int64(log.count)).map { $0 + 1 }, "TEST_SEED=\(seed)")
        try await history.expectOrder(in: log, "TEST_SEED=\(seed)")
        try history.expectPositionsFollowTime("TEST_SEED=\(seed)")
    }

    private func follow(_ seed: UInt64, on client: PostgresClient) async throws {
        let model = InMemoryEventStore(limits: RandomHistory.limits)
        let store = PostgresEventStore(client, limits: RandomHistory.limits, appended: PositionSignal())
        let administration = PostgresEventStoreAdministration(client)
        var history = try RandomHistory(seed: seed)
        for number in 0..<80 {
            let operation = try history.nextOperation()
            let expected = await operation.perform(on: model, model)
            let answer = await operation.perform(on: store, administration)
            try #require(answer == expected, "TEST_SEED=\(seed), operation \(number): \(operation)")
            if case .appended(let outcome) = answer { history.learn(outcome) }
            let question = try history.nextQuestion()
            let (told, known) = (try await question.ask(store), try await question.ask(model))
            try #require(told == known, "TEST_SEED=\(seed), after operation \(number): \(question)")
        }
        try await expectTheSame(in: store, as: model, seed, &history)
    }

    private func expectTheSame(
        in store: PostgresEventStore, as model: InMemoryEventStore, _ seed: UInt64, _ history: inout RandomHistory
    ) async throws {
        let whole = history.streams.flatMap { stream in
            [ReadDirection.forwards, .backwards].map { Question.stream(stream, from: nil, $0, limit: 500) }
        }
        for question in whole + [.log(after: nil, .forwards, .all, limit: 1_000)] {
            let (told, known) = (try await question.ask(store), try await question.ask(model))
            try #require(told == known, "TEST_SEED=\(seed), at the end: \(question)")
        }
        let log = try await store.readLog(after: nil, .forwards, limit: 1_000)
        for event in log.shuffled(using: &history.random).prefix(5) {
            for time in [event.recordedAt, event.recordedAt.addingTimeInterval(-0.000_001)] {
                let position = try await store.position(at: time)
                let count = log.count { $0.recordedAt <= time }
                try #require(position.rawValue == Int64(count), "TEST_SEED=\(seed), the position at \(time)")
            }
        }
    }
}

extension PostgresClient {
    /// Empties the event store, as only its owner can.
    func forgetEverything() async throws {
        try await transaction { transaction in
            try await transaction.script(
                """
                set local event_store.administers = 'yes';
                truncate event_store.events, event_store.archived_events, event_store.commands, event_store.redactions,
                    event_store.sequences, event_store.event_tags;
                """)
        }
    }
}
