import EventSourcing
import FoundationEssentials
import Testing

extension EventStoreContract {
    static let sequences: [Clause] = [
        Clause(promise: "events of a sequence are numbered from 1, in the order of their positions") { fixture in
            let (a, b) = (try fixture.stream("a"), try fixture.stream("b"))
            let append = Append([
                StreamAppend(
                    [try fixture.event(in: "A"), try fixture.event(), try fixture.event(in: "A")], to: a,
                    expecting: .noStream),
                StreamAppend([try fixture.event(in: "A")], to: b, expecting: .noStream),
            ])
            let last = try await fixture.store.append(append).position.rawValue
            _ = try await fixture.store.append([fixture.event(in: "A")], to: b, expecting: .exactly(.first))
            let log = try await fixture.log(after: Position(last - 4))
            #expect(log.map(\.number) == [1, nil, 2, 3, 4])
        },
        Clause(promise: "a numbered event keeps the bytes of its metadata, whatever they are") { fixture in
            let stream = try fixture.stream()
            let metadata = ["{}", #"{"sequenceNumber":9}"#, "", "[", #"{ "a":"\u00e4"}"#]
            let events = try metadata.map { try fixture.event(in: "A", metadata: $0) }
            _ = try await fixture.store.append(events, to: stream, expecting: .noStream)
            let stored = try await fixture.store.read(stream, from: nil, .forwards, limit: 9)
            #expect(stored.map { String(decoding: $0.metadata.bytes, as: UTF8.self) } == metadata)
            #expect(stored.map(\.data) == events.map(\.data))
            #expect(stored.map(\.number) == [1, 2, 3, 4, 5])
        },
        Clause(promise: "every way of reading returns the number") { fixture in
            let stream = try fixture.stream()
            let before = try await fixture.store.head()
            _ = try await fixture.store.append(
                [fixture.event(in: "A"), fixture.event()], to: stream, expecting: .noStream)
            let store = fixture.store
            for direction in [ReadDirection.forwards, .backwards] {
                let expected: [Int64?] = direction == .forwards ? [1, nil] : [nil, 1]
                let start = direction == .forwards ? before : nil
                let (all, ours) = (LogFilter.all, LogFilter(tenant: fixture.tenant))
                #expect(try await store.read(stream, from: nil, direction, limit: 2).map(\.number) == expected)
                #expect(
                    try await store.readLog(after: start, direction, matching: ours, limit: 2).map(\.number) == expected
                )
                let log = try await store.readLog(after: start, direction, matching: all, limit: 1_000)
                #expect(log.filter { $0.stream == stream }.map(\.number) == expected)
            }
        },
        Clause(promise: "two sequences, and two tenants, count for themselves") { fixture in
            for tenant in [fixture.tenant, fixture.otherTenant] {
                let stream = try fixture.stream(of: tenant)
                let events = try ["A", "B", "a", "A", "A-1", "B", "A"].map { try fixture.event(in: $0) }
                _ = try await fixture.store.append(events, to: stream, expecting: .noStream)
                let stored = try await fixture.store.read(stream, from: nil, .forwards, limit: 9)
                #expect(stored.map(\.number) == [1, 1, 1, 2, 1, 2, 3])
            }
        },
        Clause(promise: "what is refused or repeated takes no number") { fixture in
            let stream = try fixture.stream()
            let event = try fixture.event(in: "A")
            let command = try fixture.command("once")
            for _ in 0..<2 { _ = try await fixture.store.append([event], to: stream, expecting: .noStream) }
            await #expect(throws: WrongExpectedRevision.self) {
                try await fixture.store.append([fixture.event(in: "A")], to: stream, expecting: .noStream)
            }
            await #expect(throws: AppendRejected.self) {
                try await fixture.store.append([event, fixture.event(in: "A")], to: stream, expecting: .any)
            }
            for _ in 0..<2 {
                _ = try await fixture.store.append([fixture.event(in: "A")], to: stream, expecting: .any, by: command)
            }
            await #expect(throws: CommandIDReused.self) {
                try await fixture.store.append(
                    [fixture.event(in: "A")], to: stream, expecting: .any, by: fixture.command("once", asking: 2))
            }
            _ = try await fixture.store.append([fixture.event(in: "A")], to: stream, expecting: .any)
            let stored = try await fixture.store.read(stream, from: nil, .forwards, limit: 9)
            #expect(stored.map(\.number) == [1, 2, 3])
        },
        Clause(promise: "of many writers at once, the numbers have no gaps and follow the positions") { fixture in
            let before = try await fixture.store.head()
            try await withThrowingTaskGroup { group in
                for worker in 0..<64 {
                    group.addTask { try await fixture.appendInEveryWay(worker) }
                }
                try await group.waitForAll()
            }
            let log = try await fixture.log(after: before)
            let numbers = log.compactMap(\.number)
            #expect(numbers == numbers.indices.map { Int64($0) + 1 })
            #expect(numbers.count >= 64)
        },
    ]
}

extension ContractFixture {
    func event(in sequence: String?, metadata: String = #"{"n":1}"#) throws -> NewEvent {
        try event(in: sequence, metadata: EventPayload(bytes: Array(metadata.utf8)))
    }

    func event(in sequence: String?, metadata: EventPayload) throws -> NewEvent {
        NewEvent(
            id: UUID.v7(), type: try EventType("contract.thing.happened.v1"),
            data: EventPayload(bytes: Array("{}".utf8)), metadata: metadata,
            sequence: try sequence.map { try SequenceName($0) })
    }

    /// Appends that are accepted, refused by others that came first, and repeated, all of them with numbers.
    fileprivate func appendInEveryWay(_ worker: Int) async throws {
        let (own, shared) = (try stream("own\(worker)"), try stream("shared\(worker % 4)"))
        let accepted = Append(
            [StreamAppend([try event(in: "A"), try event(in: "A")], to: own, expecting: .noStream)],
            by: worker % 2 == 0 ? try command("c\(worker)") : nil)
        for _ in 0..<2 { _ = try await store.append(accepted) }
        let contended = Append([
            StreamAppend([try event(in: "A")], to: shared, expecting: .noStream),
            StreamAppend([try event(in: "A")], to: own, expecting: .exactly(Revision(1))),
        ])
        do {
            _ = try await store.append(contended)
        } catch is WrongExpectedRevision {}
    }
}
