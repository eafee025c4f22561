import EventSourcing
import Testing

extension ProjectionTargetContract {
    /// What holds for the read model of rows that a target keeps.
    static let rows: [Clause] = [
        Clause(promise: "events are folded into their rows in order, over batches and within one") { fixture in
            try await fixture.apply([
                fixture.adding(1, at: 1, in: "a", revision: 0), fixture.adding(10, at: 2, in: "b", revision: 0),
                fixture.adding(2, at: 3, in: "a"),
            ])
            #expect(try await [fixture.total("a"), fixture.total("b"), fixture.total("c")] == [3, 10, nil])
            try await fixture.apply([
                fixture.adding(-3, at: 4, in: "a", revision: 2), fixture.adding(7, at: 5, in: "a", revision: 3),
            ])
            #expect(try await [fixture.total("a"), fixture.total("b")] == [7, 10])
        },
        Clause(promise: "a row that the projection drops is gone, and can come again") { fixture in
            try await fixture.apply([fixture.adding(4, at: 1, in: "a", revision: 0)])
            try await fixture.apply([fixture.adding(0, at: 2, in: "a")])
            #expect(try await fixture.total("a") == nil)
            try await fixture.apply([fixture.adding(5, at: 3, in: "a", revision: 2)])
            #expect(try await fixture.total("a") == 5)
            // Come and gone within a batch.
            try await fixture.apply([
                fixture.adding(1, at: 4, in: "b", revision: 0), fixture.adding(0, at: 5, in: "b"),
            ])
            #expect(try await fixture.total("b") == nil)
        },
        Clause(promise: "an event that can never be applied is poison, and nothing of its batch is applied") {
            fixture in
            try await fixture.apply([fixture.adding(4, at: 1, in: "a", revision: 0)])
            let bad = try fixture.adding(-9, at: 3, in: "a")
            let error = await #expect(throws: PoisonEvent.self) {
                try await fixture.apply([fixture.adding(1, at: 2, in: "b", revision: 0), bad])
            }
            #expect(error?.event.id == bad.id && error?.category == .poison)
            #expect(try await [fixture.total("a"), fixture.total("b")] == [4, nil])
            #expect(try await fixture.target.layout().positions == [Position(1)])
            // What failed has left nothing behind.
            try await fixture.apply([fixture.adding(1, at: 3, in: "a")])
            #expect(try await fixture.total("a") == 5)
        },
        Clause(promise: "events of other aggregates pass by, one that is not known of its own is refused") { fixture in
            let other = try fixture.event(1, in: "a", #"{"n":9}"#, revision: 0, type: "contract.other.happened.v1")
            try await fixture.apply([other])
            #expect(try await fixture.total("a") == nil)
            let unknown = try fixture.event(2, in: "a", #"{"n":9}"#, type: "contract.thing.happened.v9")
            await #expect(throws: UndecodableEvent.self) { try await fixture.apply([unknown]) }
            let wrong = try fixture.event(2, in: "a", #"{"n":"nine"}"#)
            await #expect(throws: UndecodableEvent.self) { try await fixture.apply([wrong]) }
            #expect(try await fixture.target.layout().positions == [Position(1)])
        },
        Clause(promise: "an event whose data was redacted passes by") { fixture in
            try await fixture.apply([
                fixture.adding(2, at: 1, in: "a", revision: 0), fixture.event(2, in: "a", #"{"redacted": true}"#),
                fixture.adding(3, at: 3, in: "a", revision: 2),
            ])
            #expect(try await fixture.total("a") == 5)
        },
        Clause(promise: "an event that would change a row of another stream is poison") { fixture in
            let stray = try fixture.event(1, in: "a", #"{"n":1,"row":"\#(fixture.stream("b").rawValue)"}"#, revision: 0)
            await #expect(throws: PoisonEvent.self) { try await fixture.apply([stray]) }
            #expect(try await [fixture.total("a"), fixture.total("b")] == [nil, nil])
        },
        Clause(promise: "a row that another owner has written is not folded from what this one remembers") { fixture in
            let version = try await fixture.target.load(0, of: fixture.one).version
            try await fixture.target.commit(
                fixture.commit([fixture.adding(1, at: 1, in: "a", revision: 0)], at: version))
            try await fixture.target.commit(fixture.commit([fixture.adding(2, at: 2, in: "a")], at: version + 1))
            await #expect(throws: CheckpointMoved.self) {
                try await fixture.target.commit(fixture.commit([fixture.adding(50, at: 2, in: "a")], at: version + 1))
            }
            try await fixture.target.commit(fixture.commit([fixture.adding(4, at: 3, in: "a")], at: version + 2))
            #expect(try await fixture.total("a") == 7)
        },
    ]
}
