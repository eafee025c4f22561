import EventSourcing
import Testing

extension EventStoreContract {
    static let reading: [Clause] = [
        Clause(promise: "a stream that does not exist reads as no events") { fixture in
            let stream = try fixture.stream("none")
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 10).isEmpty)
            #expect(try await fixture.store.read(stream, from: nil, .backwards, limit: 10).isEmpty)
        },
        Clause(promise: "a stream is read forwards and backwards, from a revision, up to a limit") { fixture in
            let stream = try fixture.stream()
            _ = try await fixture.store.append(fixture.events(5), to: stream, expecting: .noStream)
            let cases: [(Revision?, ReadDirection, Int, [Int64])] = [
                (nil, .forwards, 10, [0, 1, 2, 3, 4]), (nil, .backwards, 10, [4, 3, 2, 1, 0]),
                (Revision(2), .forwards, 10, [2, 3, 4]), (Revision(2), .backwards, 10, [2, 1, 0]),
                (Revision(1), .forwards, 2, [1, 2]), (nil, .backwards, 1, [4]), (Revision(9), .forwards, 10, []),
                (Revision(9), .backwards, 2, [4, 3]),
            ]
            for (start, direction, limit, expected) in cases {
                let events = try await fixture.store.read(stream, from: start, direction, limit: limit)
                #expect(events.map(\.revision.rawValue) == expected)
            }
        },
        Clause(promise: "a long stream is read page by page without loss") { fixture in
            let stream = try fixture.stream()
            _ = try await fixture.store.append(fixture.events(23), to: stream, expecting: .noStream)
            var revisions: [Int64] = []
            try await fixture.store.readAll(stream, from: Revision(2), pageSize: 7) {
                revisions.append($0.revision.rawValue)
            }
            #expect(revisions == Array(2...22))
        },
    ]

    static let log: [Clause] = [
        Clause(promise: "the log holds all events in the order of their positions, without gaps") { fixture in
            let before = try await fixture.store.head()
            for number in 0..<4 {
                _ = try await fixture.store.append(
                    fixture.events(2), to: fixture.stream("\(number % 2)"), expecting: .any)
            }
            let head = try await fixture.store.head()
            let count = Int(head.rawValue - before.rawValue)
            let forwards = try await fixture.store.readLog(after: before, .forwards, limit: count)
            #expect(forwards.map(\.position.rawValue) == Array((before.rawValue + 1)...head.rawValue))
            let end = Position(head.rawValue + 1)
            let backwards = try await fixture.store.readLog(after: end, .backwards, limit: count)
            #expect(backwards.map(\.position) == forwards.reversed().map(\.position))
            #expect(forwards.filter { $0.tenant == fixture.tenant }.count == 8)
        },
        Clause(promise: "the log is read from a position, excluded, up to a limit") { fixture in
            let commit = try await fixture.store.append(fixture.events(3), to: fixture.stream(), expecting: .noStream)
            let last = commit.position.rawValue
            let page = try await fixture.store.readLog(after: Position(last - 2), .forwards, limit: 1)
            #expect(page.map(\.position.rawValue) == [last - 1])
            let back = try await fixture.store.readLog(after: Position(last), .backwards, limit: 2)
            #expect(back.map(\.position.rawValue) == [last - 1, last - 2])
            #expect(try await fixture.store.readLog(after: Position(last + 1_000_000), .forwards, limit: 5).isEmpty)
        },
        Clause(promise: "times of recording follow the positions while no clock is set back") { fixture in
            let before = try await fixture.store.head()
            for number in 0..<5 {
                _ = try await fixture.store.append([fixture.event()], to: fixture.stream("\(number)"), expecting: .any)
            }
            let times = try await fixture.log(after: before).map(\.recordedAt)
            #expect(times.count == 5)
            #expect(times == times.sorted())
        },
        Clause(promise: "a reader that follows the log meets every event once, while others append") { fixture in
            let before = try await fixture.store.head()
            try await withThrowingTaskGroup { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in 0..<10 {
                            _ = try await fixture.store.append(
                                fixture.events(2), to: fixture.stream("w\(writer)n\(number)"), expecting: .noStream)
                        }
                    }
                }
                group.addTask {
                    var (next, seen) = (before, 0)
                    while seen < 80 {
                        for event in try await fixture.store.readLog(after: next, .forwards, limit: 7) {
                            #expect(event.position.rawValue == next.rawValue + 1)
                            next = event.position
                            if event.tenant == fixture.tenant { seen += 1 }
                        }
                    }
                }
                try await group.waitForAll()
            }
        },
    ]
}
