import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import Logging
import PostgresTesting
import ServiceLifecycle
import Testing

/// Jobs for a genuine BullMQ worker in PostgreSQL, relayed from the log.
@Suite(.database, .timeLimit(.minutes(5))) struct BullMQPostgresQueueTests {
    private func job(_ id: String, _ payload: String = "{}", change: (inout JobOptions) -> Void = { _ in }) -> Job {
        var options = JobOptions()
        change(&options)
        return Job(
            id: id, name: "test", data: EventPayload(bytes: Array(#"{"payload":\#(payload)}"#.utf8)), options: options)
    }

    @Test(arguments: JobQueueContract.clauses)
    func `a queue in PostgreSQL keeps the contract`(_ clause: JobQueueContract.Clause) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            _ = try await GenuineBullMQ.migrated()
            try await clause.check(BullMQPostgresQueue("contract", owner)) {
                try await owner.query(
                    PostgresStatement(
                        "select id, name, data::text from bullmq.job where queue = 'contract' order by seq")
                ).map { row in
                    let (id, name, data) = try row.decode(String.self, String.self, String.self)
                    return Job(id: id, name: name, data: EventPayload(bytes: Array(data.utf8)))
                }
            }
        }
    }

    @Test func `a relay brings events to a genuine worker, in their order and as they were`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let genuine = try await GenuineBullMQ.migrated()
            let events = PostgresEventStore(owner, appended: PositionSignal())
            let appended = try await OutboxEvents(events).append(30, streams: 4)
            let queue = try BullMQPostgresQueue("notification", owner)
            try await queue.check()
            let sink = try QueueSink("bullmq", into: queue, routes: [JobRoute("all", for: .all) { [Job(for: $0)] }])
            try await OutboxEvents(events).relay(to: sink, until: 30)
            // A row of BullMQ is the event, although PostgreSQL has formatted its JSON.
            let rows = try await owner.query(
                PostgresStatement(
                    "select id, name, data::text from bullmq.job where queue = 'notification' order by seq"))
            let stored = try rows.map { row in
                let (id, name, data) = try row.decode(String.self, String.self, String.self)
                return try RecordedEvent(
                    in: Job(id: id, name: name, data: EventPayload(bytes: Array(data.utf8))))
            }
            #expect(stored.map(\.id) == appended.map(\.id))
            #expect(stored.map(\.recordedAt) == appended.map { RFC3339.rounded($0.recordedAt) })
            #expect(stored.map(\.position) == appended.map(\.position))

            let handled = try await genuine.work(on: "notification", until: 30)
            #expect(handled.map(\.id) == appended.map { $0.id.uuidString.lowercased() })
            #expect(handled.map(\.name) == appended.map(\.type.rawValue))
            #expect(handled.map(\.data.stream) == appended.map(\.stream.rawValue))
            #expect(handled.map(\.data.revision) == appended.map(\.revision.rawValue))
        }
    }

    @Test func `a job that is known is a duplicate, in a call and between calls`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let genuine = try await GenuineBullMQ.migrated()
            let queue = try BullMQPostgresQueue("jobs", owner)
            #expect(try await queue.add([job("a"), job("b"), job("a")]) == [.added, .added, .duplicate])
            #expect(try await queue.add([job("b"), job("c")]) == [.duplicate, .added])
            #expect(try await BullMQPostgresQueue("others", owner).add([job("a")]) == [.added])
            #expect(try await genuine.work(on: "jobs", until: 3).map(\.id) == ["a", "b", "c"])
            // A completed job is kept for a day, and its id stays known.
            #expect(try await queue.add([job("a")]) == [.duplicate])
            #expect(try await queue.add([]).isEmpty)
        }
    }

    @Test func `a worker tries again, waits and prefers as the options say`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let genuine = try await GenuineBullMQ.migrated()
            let queue = try BullMQPostgresQueue("jobs", owner)
            let outcomes = try await queue.add([
                job("late") { $0.delay = .milliseconds(300) },
                job("low") { $0.priority = 9 },
                job("high") { $0.priority = 1 },
                job("failing", #"{"failures":2}"#) { options in
                    options.backoff = .fixed(.milliseconds(500))
                    options.keepsCompleted = .none
                },
            ])
            #expect(outcomes == [.added, .added, .added, .added])
            let handled = try await genuine.work(on: "jobs", until: 4)
            let tried = handled.map { "\($0.id)#\($0.attempt)" }
            #expect(tried.filter { $0 != "late#1" }.prefix(3) == ["failing#1", "high#1", "low#1"], "\(tried)")
            let late = try await owner.query(
                PostgresStatement("select processed_at_ms - added_at_ms from bullmq.job where id = 'late'"))
            #expect(try late.first?.decode(Int64.self) ?? 0 >= 300)
            #expect(Set(tried) == ["failing#1", "failing#2", "failing#3", "high#1", "low#1", "late#1"])
            // Removed when it was done, and so not known any more.
            #expect(try await queue.add([job("failing")]) == [.added])
        }
    }

    @Test func `a job that PostgreSQL cannot store is refused, and those beside it are added`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            _ = try await GenuineBullMQ.migrated()
            let queue = try BullMQPostgresQueue("jobs", owner)
            let outcomes = try await queue.add([job("a"), job("zero", #""\u0000""#), job("b")])
            #expect(outcomes[0] == .added && outcomes[2] == .added)
            guard case .refused(let reason) = outcomes[1] else {
                Issue.record("it is \(outcomes[1])")
                return
            }
            #expect(reason.contains("Unicode"))
        }
    }

    @Test func `without BullMQ's schema the queue says what to do`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let queue = try BullMQPostgresQueue("jobs", owner)
            let missing = await #expect(throws: BullMQSchemaUnusable.self) { try await queue.check() }
            #expect(missing?.description.contains("run BullMQ's migrations in this database") == true)
            #expect(missing?.description.contains("grant usage on schema bullmq to event_store_service") == true)
            _ = try await GenuineBullMQ.migrated()
            try await queue.check()
            // Another major version has another function.
            try await owner.withConnection { try await $0.script("alter function bullmq.add_job rename to add_job_7") }
            await #expect(throws: BullMQSchemaUnusable.self) { try await queue.add([job("a")]) }
            #expect(throws: InvalidName.self) { try BullMQPostgresQueue("jobs", schema: "a\"b", owner) }
            #expect(throws: InvalidName.self) { try BullMQPostgresQueue("a:b", owner) }
        }
    }
}
