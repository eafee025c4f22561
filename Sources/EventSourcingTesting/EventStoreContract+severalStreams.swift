import EventSourcing
import Testing

extension EventStoreContract {
    static let severalStreams: [Clause] = [
        Clause(promise: "an append to several streams is stored as a whole, in the order of its parts") { fixture in
            let (a, b) = (try fixture.stream("a"), try fixture.stream("b"))
            _ = try await fixture.store.append(fixture.events(2), to: b, expecting: .noStream)
            let outcome = try await fixture.store.append(
                Append([
                    StreamAppend(try fixture.events(2), to: a, expecting: .noStream),
                    StreamAppend(try fixture.events(1), to: b, expecting: .exactly(Revision(1))),
                ]))
            #expect(outcome.revisions == [a: Revision(1), b: Revision(2)])
            let last = outcome.position.rawValue
            let log = try await fixture.log(after: Position(last - 3))
            #expect(log.map(\.stream) == [a, a, b])
            #expect(log.map(\.position.rawValue) == [last - 2, last - 1, last])
        },
        Clause(promise: "when one of several streams is not as expected, none is written, and the error names it") {
            fixture in
            let (a, b) = (try fixture.stream("a"), try fixture.stream("b"))
            let append = Append([
                StreamAppend(try fixture.events(1), to: a, expecting: .noStream),
                StreamAppend(try fixture.events(1), to: b, expecting: .streamExists),
            ])
            await #expect(throws: WrongExpectedRevision(stream: b, expected: .streamExists, actual: nil)) {
                try await fixture.store.append(append)
            }
            #expect(try await fixture.store.read(a, from: nil, .forwards, limit: 1).isEmpty)
        },
        Clause(promise: "a stream can be asserted without being written") { fixture in
            let (a, b) = (try fixture.stream("a"), try fixture.stream("b"))
            _ = try await fixture.store.append(fixture.events(3), to: a, expecting: .noStream)
            let outcome = try await fixture.store.append(
                Append([
                    StreamAppend(asserting: a, is: .exactly(Revision(2))),
                    StreamAppend(try fixture.events(1), to: b, expecting: .noStream),
                    StreamAppend(asserting: try fixture.stream("c"), is: .noStream),
                ]))
            #expect(outcome.revisions == [a: Revision(2), b: .first])
            #expect(try await fixture.store.read(a, from: nil, .forwards, limit: 9).count == 3)
            let stale = Append([
                StreamAppend(asserting: a, is: .exactly(Revision(1))),
                StreamAppend(try fixture.events(1), to: b, expecting: .any),
            ])
            await #expect(
                throws: WrongExpectedRevision(stream: a, expected: .exactly(Revision(1)), actual: Revision(2))
            ) {
                try await fixture.store.append(stale)
            }
        },
        Clause(promise: "an append to several streams repeated with the same event ids has the effect of once") {
            fixture in
            let (a, b) = (try fixture.stream("a"), try fixture.stream("b"))
            let append = Append([
                StreamAppend(try fixture.events(2), to: a, expecting: .noStream),
                StreamAppend(try fixture.events(1), to: b, expecting: .noStream),
            ])
            let first = try await fixture.store.append(append)
            _ = try await fixture.store.append(fixture.events(1), to: a, expecting: .any)
            let again = try await fixture.store.append(append)
            #expect(again.isRepetition)
            #expect(again.revisions == first.revisions)
            #expect(again.position == first.position)
            #expect(try await fixture.store.read(a, from: nil, .forwards, limit: 9).count == 3)
            #expect(try await fixture.store.read(b, from: nil, .forwards, limit: 9).count == 1)
        },
        Clause(promise: "an append of which only one of the streams was appended before is rejected") { fixture in
            let (a, b) = (try fixture.stream("a"), try fixture.stream("b"))
            let events = try fixture.events(1)
            _ = try await fixture.store.append(events, to: a, expecting: .noStream)
            let append = Append([
                StreamAppend(events, to: a, expecting: .any),
                StreamAppend(try fixture.events(1), to: b, expecting: .any),
            ])
            await #expect(throws: AppendRejected(stream: a, reason: .partlyAppended)) {
                try await fixture.store.append(append)
            }
            #expect(try await fixture.store.read(b, from: nil, .forwards, limit: 1).isEmpty)
        },
    ]
}
