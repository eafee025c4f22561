import EventSourcing
import Testing

extension EventStoreContract {
    static let appending: [Clause] = [
        Clause(promise: "the first event of a stream has revision 0") { fixture in
            let commit = try await fixture.store.append(
                [fixture.event()], to: fixture.stream(), expecting: .noStream)
            #expect(commit.revision == .first)
            #expect(commit.position > .start)
            #expect(!commit.isRepetition)
        },
        Clause(promise: "the events of one append have contiguous revisions and positions") { fixture in
            let stream = try fixture.stream()
            let commit = try await fixture.store.append(fixture.events(5), to: stream, expecting: .noStream)
            let stored = try await fixture.store.read(stream, from: nil, .forwards, limit: 10)
            #expect(stored.map(\.revision.rawValue) == [0, 1, 2, 3, 4])
            let last = commit.position.rawValue
            #expect(stored.map(\.position.rawValue) == Array((last - 4)...last))
        },
        Clause(promise: "an event comes back as the exact bytes that were appended") { fixture in
            let stream = try fixture.stream()
            let event = try fixture.event("{\"b\" : 1,\n\"a\":\"ü\\u0041\"}")
            _ = try await fixture.store.append([event], to: stream, expecting: .any)
            let stored = try #require(try await fixture.store.read(stream, from: nil, .forwards, limit: 1).first)
            #expect(stored.data == event.data)
            #expect(stored.metadata == event.metadata)
            #expect(stored.id == event.id)
            #expect(stored.type == event.type)
            #expect(stored.stream == stream)
        },
        Clause(promise: "appends to many streams at once are all stored, each once") { fixture in
            let before = try await fixture.store.head()
            try await withThrowingTaskGroup { group in
                for number in 0..<50 {
                    group.addTask {
                        try await fixture.store.append(
                            fixture.events(2), to: fixture.stream("s\(number)"), expecting: .noStream)
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await fixture.log(after: before)
            #expect(stored.count == 100)
            #expect(Set(stored.map(\.id)).count == 100)
            #expect(Set(stored.map(\.position)).count == 100)
        },
    ]

    static let conflicts: [Clause] = [
        Clause(promise: "every expectation is met or refused as the stream stands") { fixture in
            let empty = try fixture.stream("empty")
            let full = try fixture.stream("full")
            _ = try await fixture.store.append(fixture.events(3), to: full, expecting: .noStream)
            let refused: [(StreamName, ExpectedRevision, Revision?)] = [
                (empty, .streamExists, nil), (empty, .exactly(Revision(0)), nil), (full, .noStream, Revision(2)),
                (full, .exactly(Revision(1)), Revision(2)), (full, .exactly(Revision(3)), Revision(2)),
            ]
            for (stream, expected, actual) in refused {
                await #expect(throws: WrongExpectedRevision(stream: stream, expected: expected, actual: actual)) {
                    try await fixture.store.append([fixture.event()], to: stream, expecting: expected)
                }
            }
            let accepted: [(StreamName, ExpectedRevision, Int64)] = [
                (empty, .any, 0), (full, .exactly(Revision(2)), 3), (full, .streamExists, 4), (full, .any, 5),
            ]
            for (stream, expected, revision) in accepted {
                let commit = try await fixture.store.append([fixture.event()], to: stream, expecting: expected)
                #expect(commit.revision == Revision(revision))
            }
        },
        Clause(promise: "a refused append writes nothing") { fixture in
            let stream = try fixture.stream()
            let before = try await fixture.store.head()
            await #expect(throws: WrongExpectedRevision.self) {
                try await fixture.store.append(fixture.events(3), to: stream, expecting: .streamExists)
            }
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 10).isEmpty)
            #expect(try await fixture.log(after: before).isEmpty)
        },
        Clause(promise: "of many writers that expect the same revision exactly one is accepted") { fixture in
            let stream = try fixture.stream()
            _ = try await fixture.store.append([fixture.event()], to: stream, expecting: .noStream)
            let accepted = await withTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        do {
                            let event = try fixture.event()
                            let expected = ExpectedRevision.exactly(.first)
                            _ = try await fixture.store.append([event], to: stream, expecting: expected)
                            return 1
                        } catch let conflict as WrongExpectedRevision {
                            #expect(conflict.actual == Revision(1))
                        } catch {
                            Issue.record(error)
                        }
                        return 0
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(accepted == 1)
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 10).count == 2)
        },
    ]

    static let repetition: [Clause] = [
        Clause(promise: "an append repeated with the same event ids answers with the first outcome") { fixture in
            let stream = try fixture.stream()
            let events = try fixture.events(3)
            let first = try await fixture.store.append(events, to: stream, expecting: .noStream)
            _ = try await fixture.store.append([fixture.event()], to: stream, expecting: .any)
            let again = try await fixture.store.append(events, to: stream, expecting: .noStream)
            #expect(again == Commit(revision: first.revision, position: first.position, isRepetition: true))
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 10).count == 4)
        },
        Clause(promise: "an append of which only a part was appended before is rejected") { fixture in
            let stream = try fixture.stream()
            let events = try fixture.events(2)
            _ = try await fixture.store.append(events, to: stream, expecting: .noStream)
            for mixed in [[events[0], try fixture.event()], [events[1], events[0]]] {
                await #expect(throws: AppendRejected(stream: stream, reason: .partlyAppended)) {
                    try await fixture.store.append(mixed, to: stream, expecting: .any)
                }
            }
        },
        Clause(promise: "an event id is unique in its stream, and free in every other") { fixture in
            let event = try fixture.event()
            for entity in ["1", "2"] {
                let commit = try await fixture.store.append(
                    [event], to: fixture.stream(entity), expecting: .noStream)
                #expect(!commit.isRepetition)
            }
        },
    ]
}
