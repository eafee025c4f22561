public import EventSourcing
import FoundationEssentials
public import Testing

/// What every ``Outbox`` and its ``OutboxAdministration`` have to keep, as clauses; see ``EventStoreContract``.
public enum OutboxContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (OutboxFixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the outbox on these stores does otherwise.
        public func check(
            on events: some EventStore, _ store: some SubscriptionStore, administration: some OutboxAdministration
        ) async throws {
            try await verify(OutboxFixture(events: events, store: store, administration: administration))
        }
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = [
        Clause(promise: "every event that the sink wants is pending until it is published") { fixture in
            try await fixture.append(["a", "a", "b"])
            try await fixture.append(["c"], type: "contract.thing.unwanted.v1")
            let outbox = try fixture.outbox()
            let batch = try await outbox.nextBatch(limit: 2)
            #expect(batch.map(\.id) == fixture.positions(0, 1) && batch.map(\.status) == [.pending, .pending])
            #expect(batch.map(\.attempts) == [0, 0])
            let first = try #require(batch.first)
            #expect(first.type.rawValue == "contract.thing.happened.v1" && first.payload.bytes == Array("{}".utf8))
            #expect(first.createdAt == first.updatedAt && first.lastError == nil)
            #expect(try await fixture.records(.pending) == fixture.positions(0, 1, 2))
            try await outbox.markPublished(batch.map(\.id))
            #expect(try await fixture.records(.published) == fixture.positions(0, 1))
            #expect(try await fixture.records(.pending) == fixture.positions(2))
            let rest = try await outbox.nextBatch(limit: 10)
            try await outbox.markPublished(rest.map(\.id))
            #expect(try await outbox.nextBatch(limit: 10).isEmpty)
            #expect(try await fixture.records(.published) == fixture.positions(0, 1, 2))
            #expect(try await fixture.records(.pending).isEmpty)
        },
        Clause(promise: "a message that is no event leaves under its own type and payload, once") { fixture in
            let outbox = try fixture.outbox()
            let messages = [
                try fixture.message(#"{"n":1}"#, key: "k"), try fixture.message(#"{"n":2}"#, key: "k"),
                try fixture.message(#"{"n":3}"#),
            ]
            try await outbox.add(messages)
            try await outbox.add(messages)
            try await outbox.add([])
            let batch = try await outbox.nextBatch(limit: 10)
            #expect(batch.map(\.eventID) == messages.map(\.id))
            #expect(batch.map(\.payload) == messages.map(\.payload))
            #expect(batch.allSatisfy { $0.type.rawValue == "contract.thing.happened.v1" })
        },
        Clause(promise: "a message that the sink does not want is refused with all that came with it") { fixture in
            let outbox = try fixture.outbox()
            let unwanted = try fixture.message("{}", type: "contract.thing.unwanted.v1")
            await #expect(throws: OutboxMessageUnwanted.self) {
                try await outbox.add([fixture.message("{}"), unwanted])
            }
            #expect(try await outbox.nextBatch(limit: 10).isEmpty)
        },
        Clause(promise: "a failed attempt is noted, and after the last one the record has failed") { fixture in
            try await fixture.append(["a", "a", "b"])
            let outbox = try fixture.outbox(attempts: 2)
            let first = try await outbox.nextBatch(limit: 10)
            try await outbox.markFailed(first[0].id, error: "no answer")
            // What is behind it in its stream is pending again.
            await #expect(throws: OutboxRecordNotTaken(id: first[1].id)) {
                try await outbox.markPublished([first[1].id])
            }
            try await outbox.markPublished([first[2].id])
            let noted = try await fixture.all(.pending)
            #expect(noted.map(\.id) == fixture.positions(0, 1) && noted.map(\.attempts) == [1, 0])
            #expect(noted.map(\.lastError) == ["no answer", nil])
            #expect(noted[0].updatedAt >= noted[0].createdAt)

            let second = try await outbox.nextBatch(limit: 10)
            #expect(second.map(\.id) == fixture.positions(0, 1) && second.map(\.attempts) == [1, 0])
            try await outbox.markFailed(second[0].id, error: "no answer again")
            let failed = try await fixture.all(.failed)
            #expect(failed.map(\.id) == fixture.positions(0))
            #expect(failed.map(\.attempts) == [2] && failed.map(\.lastError) == ["no answer again"])
            #expect(try await fixture.records(.pending) == fixture.positions(1))
            #expect(try await outbox.nextBatch(limit: 10).isEmpty)
        },
        Clause(promise: "an administrator retries or skips what has failed") { fixture in
            try await fixture.append(["a", "a", "b"])
            let outbox = try fixture.outbox(attempts: 1)
            for record in try await outbox.nextBatch(limit: 10) where record.id != fixture.positions(1)[0] {
                try await outbox.markFailed(record.id, error: "no answer")
            }
            #expect(try await fixture.records(.failed) == fixture.positions(0, 2))
            let administration = fixture.administration
            #expect(try await administration.retry(fixture.positions(1)[0], of: fixture.id) == 0)
            #expect(try await administration.retry(fixture.positions(0)[0], of: fixture.id) == 2)
            #expect(try await administration.skip(fixture.positions(2)[0], of: fixture.id))
            #expect(try await !administration.skip(fixture.positions(2)[0], of: fixture.id))
            #expect(try await fixture.records(.pending) == fixture.positions(0, 1))
            #expect(try await fixture.records(.published) == fixture.positions(2))
            let again = try await outbox.nextBatch(limit: 10)
            #expect(again.map(\.id) == fixture.positions(0, 1) && again.map(\.attempts) == [0, 0])
        },
        Clause(promise: "records come in pages, drawn from the log or not") { fixture in
            try await fixture.append(["a", "b", "c", "d", "e"])
            let outbox = try fixture.outbox(buffer: 2)
            try await outbox.markPublished(outbox.nextBatch(limit: 1).map(\.id))
            #expect(try await fixture.records(.pending, limit: 3) == fixture.positions(1, 2, 3))
            #expect(try await fixture.records(.pending, after: 3, limit: 3) == fixture.positions(4))
            try await outbox.markPublished(outbox.nextBatch(limit: 2).map(\.id))
            #expect(try await fixture.records(.published, limit: 2) == fixture.positions(0, 1))
            #expect(try await fixture.records(.published, after: 1, limit: 2) == fixture.positions(2))
        },
        Clause(promise: "what was recorded before the outbox began is no record of it") { fixture in
            try await fixture.append(["a"])
            let outbox = try fixture.outbox(from: .end)
            #expect(try await outbox.nextBatch(limit: 10).isEmpty)
            try await fixture.append(["a"])
            #expect(try await fixture.records(.pending) == fixture.positions(1))
            #expect(try await fixture.records(.published).isEmpty)
            let batch = try await outbox.nextBatch(limit: 10)
            try await outbox.markPublished(batch.map(\.id))
            #expect(try await fixture.records(.published) == fixture.positions(1))
        },
        Clause(promise: "of several publishers each has its own records, and of an unknown outbox there are none") {
            fixture in
            try await fixture.append(["a", "b"])
            let (one, other) = (try fixture.outbox(), try fixture.outbox())
            let mine = try await one.nextBatch(limit: 1)
            let theirs = try await other.nextBatch(limit: 2)
            #expect(mine.map(\.id) == fixture.positions(0) && theirs.map(\.id) == fixture.positions(1))
            await #expect(throws: OutboxRecordNotTaken(id: mine[0].id)) {
                try await other.markPublished(mine.map(\.id))
            }
            let unknown = try SubscriptionID("unknown", of: fixture.tenant)
            await #expect(throws: SubscriptionNotFound.self) {
                try await fixture.administration.records(.pending, of: unknown, after: .start, limit: 1)
            }
        },
    ]
}
