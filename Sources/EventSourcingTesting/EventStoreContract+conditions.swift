import EventSourcing
import FoundationEssentials
import Testing

extension EventStoreContract {
    static let queries: [Clause] = [
        Clause(promise: "a query selects events of one tenant by stream, type and tags") { fixture in
            let before = try await fixture.store.head()
            let (one, two) = (try fixture.stream("1"), try fixture.stream("2"))
            for (stream, event) in [
                (one, try fixture.event(tags: "a:1")), (two, try fixture.event(tags: "a:1", "b:1")),
                (try fixture.stream(of: fixture.otherTenant), try fixture.event(tags: "a:1")),
                (one, try fixture.event(type: "contract.thing.ended.v1", tags: "a:1")), (two, try fixture.event()),
                (one, try fixture.event(tags: "b:1")),
            ] {
                _ = try await fixture.store.append([event], to: stream, expecting: .any)
            }
            let (a, b) = (try EventTag("a:1"), try EventTag("b:1"))
            let ended = try EventType("contract.thing.ended.v1")
            let cases: [(EventQuery, [Int64])] = [
                (EventQuery(tags: [a]), [1, 2, 4]), (EventQuery(tags: [a, b]), [2]),
                (EventQuery(types: [ended], tags: [a]), [4]), (EventQuery(types: [ended]), [4]),
                (EventQuery(streams: [two], tags: [a]), [2]), (EventQuery(streams: [two]), [2, 5]),
                (EventQuery(streams: [one, two], types: [ended]), [4]), (EventQuery(), [1, 2, 4, 5, 6]),
                (EventQuery(anyOf: [.init(tags: [b]), .init(types: [ended]), .init(tags: [a, b])]), [2, 4, 6]),
                (EventQuery(tags: [try EventTag("c:1")]), []), (EventQuery(streams: []), []),
                (EventQuery(types: [], tags: [a]), []), (EventQuery(anyOf: []), []),
            ]
            let head = try await fixture.store.head()
            for (query, expected) in cases {
                let found = try await fixture.store.read(query, in: fixture.tenant, after: before, limit: 10)
                #expect(found.events.map { $0.position.rawValue - before.rawValue } == expected, "\(query)")
                #expect(found.position >= head)
                let log = try await fixture.log(after: before)
                #expect(found.events == log.filter { found.events.contains($0) })
            }
        },
        Clause(promise: "a page of a query tells up to where there are no other events") { fixture in
            let query = EventQuery(tags: [try EventTag("a:1")])
            let start = try await fixture.store.head()
            _ = try await fixture.store.append(
                (0..<5).map { _ in try fixture.event(tags: "a:1") } + fixture.events(1), to: fixture.stream(),
                expecting: .noStream)
            var (position, found): (Position, [Position]) = (start, [])
            for size in [2, 2, 1] {
                let page = try await fixture.store.read(query, in: fixture.tenant, after: position, limit: 2)
                #expect(page.events.count == size)
                found += page.events.map(\.position)
                if size == 2 { #expect(page.position == page.events.last?.position) }
                position = page.position
            }
            #expect(found.map { $0.rawValue - start.rawValue } == [1, 2, 3, 4, 5])
            #expect(position.rawValue - start.rawValue >= 6)
            let end = try await fixture.store.read(query, in: fixture.tenant, after: position, limit: 2)
            #expect(end.events.isEmpty)
            #expect(end.position >= position)
        },
        Clause(promise: "an event is found by its id, in its tenant only") { fixture in
            let id = UUID.v7()
            _ = try await fixture.store.append(
                [fixture.event(), fixture.event(#"{"n":1}"#, id: id)], to: fixture.stream(), expecting: .noStream)
            _ = try await fixture.store.append([fixture.event(id: id)], to: fixture.stream("2"), expecting: .noStream)
            let log = try await fixture.log(after: .start).filter { $0.id == id }
            #expect(log.count == 2)
            #expect(try await fixture.store.events(withID: id, in: fixture.tenant) == log)
            #expect(try await fixture.store.events(withID: id, in: fixture.otherTenant).isEmpty)
            #expect(try await fixture.store.events(withID: UUID(), in: fixture.tenant).isEmpty)
        },
        Clause(promise: "the tags of events are told by position, in their tenant only") { fixture in
            let commit = try await fixture.store.append(
                [fixture.event(tags: "b:2", "a:1"), fixture.event()], to: fixture.stream(), expecting: .noStream)
            let positions = [Position(commit.position.rawValue - 1), commit.position]
            let tags: Set = [try EventTag("a:1"), try EventTag("b:2")]
            #expect(try await fixture.store.tags(of: positions, in: fixture.tenant) == [positions[0]: tags])
            #expect(try await fixture.store.tags(of: positions, in: fixture.otherTenant).isEmpty)
        },
    ]

    static let conditions: [Clause] = [
        Clause(promise: "an append is refused when its condition selects an event after its position") { fixture in
            let query = EventQuery(tags: [try EventTag("a:1")])
            let first = try await fixture.store.append(
                [fixture.event(tags: "a:1")], to: fixture.stream("1"), expecting: .any)
            let second = try await fixture.store.append(
                [fixture.event(), fixture.event(tags: "a:1")], to: fixture.stream("2"), expecting: .any)
            for (position, conflict) in [
                (Position.start, first.position as Position?), (first.position, second.position),
                (second.position, nil),
            ] {
                let condition = AppendCondition(noneOf: query, after: position)
                let append = Append(
                    [StreamAppend([try fixture.event(tags: "b:1")], to: try fixture.stream("3"), expecting: .any)],
                    condition: condition)
                guard let conflict else {
                    #expect(try await fixture.store.append(append).events.count == 1)
                    continue
                }
                await #expect(throws: AppendConditionFailed(condition, position: conflict)) {
                    try await fixture.store.append(append)
                }
            }
            #expect(try await fixture.store.read(fixture.stream("3"), from: nil, .forwards, limit: 9).count == 1)
        },
        Clause(promise: "a condition selects by streams that are only read, by types, and in its tenant only") {
            fixture in
            let (read, written) = (try fixture.stream("read"), try fixture.stream("written"))
            let head = try await fixture.store.append(fixture.events(2), to: read, expecting: .noStream).position
            let ended = try EventType("contract.thing.ended.v1")
            for (query, isMet) in [
                (EventQuery(streams: [read]), true), (EventQuery(types: [ended]), true),
                (EventQuery(streams: [read], types: [ended]), true), (EventQuery(anyOf: []), true),
            ] {
                let append = Append(
                    [StreamAppend([try fixture.event()], to: written, expecting: .any)],
                    condition: AppendCondition(noneOf: query, after: head))
                #expect(try await fixture.store.append(append).events.isEmpty != isMet)
            }
            let other = try fixture.stream("read", of: fixture.otherTenant)
            _ = try await fixture.store.append(
                [fixture.event(type: "contract.thing.ended.v1")], to: other, expecting: .noStream)
            let late = try await fixture.store.append(
                [fixture.event(), fixture.event(type: "contract.thing.ended.v1")], to: read, expecting: .any)
            let before = Position(late.position.rawValue - 1)
            for (query, conflict) in [
                (EventQuery(streams: [read]), before), (EventQuery(types: [ended]), late.position),
                (EventQuery(streams: [read], types: [ended]), late.position),
                (EventQuery(anyOf: [.init(types: [ended]), .init(streams: [read])]), before),
            ] {
                let condition = AppendCondition(noneOf: query, after: head)
                await #expect(throws: AppendConditionFailed(condition, position: conflict)) {
                    try await fixture.store.append(
                        Append(
                            [StreamAppend([try fixture.event()], to: written, expecting: .any)], condition: condition))
                }
            }
        },
        Clause(promise: "of concurrent appends with the same condition, one is accepted") { fixture in
            let query = EventQuery(tags: [try EventTag("email:1")])
            let (accepted, refused) = try await withThrowingTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        let part = StreamAppend(
                            [try fixture.event(tags: "email:1")], to: try fixture.stream("\(number)"),
                            expecting: .noStream)
                        do {
                            let append = Append([part], condition: AppendCondition(noneOf: query))
                            return (try await fixture.store.append(append).position, true)
                        } catch let conflict as AppendConditionFailed {
                            return (conflict.position, false)
                        }
                    }
                }
                return try await group.reduce(into: ([Position](), [Position]())) { answers, answer in
                    if answer.1 { answers.0.append(answer.0) } else { answers.1.append(answer.0) }
                }
            }
            #expect(accepted.count == 1)
            #expect(refused == Array(repeating: accepted[0], count: 39))
            let found = try await fixture.store.read(query, in: fixture.tenant, after: .start, limit: 9)
            #expect(found.events.map(\.position) == accepted)
        },
        Clause(promise: "repetitions are answered and revisions are checked before a condition") { fixture in
            let condition = AppendCondition(noneOf: EventQuery(tags: [try EventTag("a:1")]))
            let (stream, command) = (try fixture.stream(), try fixture.command("once"))
            let events = [try fixture.event(tags: "a:1")]
            let append = Append(
                [StreamAppend(events, to: stream, expecting: .noStream)], by: command, condition: condition)
            let first = try await fixture.store.append(append)
            #expect(try await fixture.store.append(append).isRepetition)
            let again = Append([StreamAppend(events, to: stream, expecting: .noStream)], condition: condition)
            #expect(try await fixture.store.append(again).position == first.position)
            await #expect(throws: WrongExpectedRevision.self) {
                try await fixture.store.append(
                    Append(
                        [StreamAppend([try fixture.event()], to: stream, expecting: .noStream)], condition: condition))
            }
        },
        Clause(promise: "a condition on streams of another tenant is refused, and so are too many tags") { fixture in
            let theirs = EventQuery(streams: [try fixture.stream(of: fixture.otherTenant)])
            await #expect(throws: AppendRejected.self) {
                try await fixture.store.append(
                    Append(
                        [StreamAppend([try fixture.event()], to: try fixture.stream(), expecting: .any)],
                        condition: AppendCondition(noneOf: theirs)))
            }
            let tags = try (0..<17).map { try EventTag("tag:\($0)") }
            await #expect(throws: AppendRejected.self) {
                try await fixture.store.append(
                    [try fixture.event().tagged(Set(tags))], to: try fixture.stream(), expecting: .any)
            }
            let many = EventQuery(anyOf: tags.flatMap { [.init(tags: [$0]), .init(tags: [$0])] })
            await #expect(throws: AppendRejected.self) {
                try await fixture.store.append(
                    Append(
                        [StreamAppend([try fixture.event()], to: try fixture.stream(), expecting: .any)],
                        condition: AppendCondition(noneOf: many)))
            }
        },
    ]
}
