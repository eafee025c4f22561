import EventSourcing
import FoundationEssentials
import Testing

extension EventStoreContract {
    static let filters: [Clause] = [
        Clause(promise: "the log is filtered by tenant, category, type and type prefix, in both directions") {
            fixture in
            let before = try await fixture.store.head()
            let other = try StreamName(
                category: StreamCategory(context: "contract", aggregate: "other", schema: 2), tenant: fixture.tenant,
                entityID: "1")
            for (stream, type) in [
                (try fixture.stream(), "contract.thing.happened.v1"), (try fixture.stream(), "contract.thing.ended.v1"),
                (other, "contract.other.happened.v2"),
                (try fixture.stream(of: fixture.otherTenant), "contract.thing.ended.v1"),
                (try fixture.stream(), "contract.thing.ended.v2"),
            ] {
                _ = try await fixture.store.append([fixture.event(type: type)], to: stream, expecting: .any)
            }
            let things = try StreamCategory(context: "contract", aggregate: "thing", schema: 1)
            let ended = try EventType("contract.thing.ended.v1")
            let (ours, theirs) = (fixture.tenant, fixture.otherTenant)
            let cases: [(LogFilter, [Int64])] = [
                (LogFilter(tenant: ours), [1, 2, 3, 5]), (LogFilter(tenant: theirs), [4]),
                (LogFilter(tenant: ours, categories: [things]), [1, 2, 5]),
                (LogFilter(tenant: ours, types: [ended]), [2]),
                (LogFilter(tenant: ours, typePrefixes: [try EventTypePrefix("contract.thing.ended.")]), [2, 5]),
                (
                    LogFilter(tenant: ours, types: [ended], typePrefixes: [try EventTypePrefix("contract.other.")]),
                    [2, 3]
                ),
                (LogFilter(tenant: ours, categories: [], types: [ended]), []),
                (LogFilter(tenant: ours, types: []), []),
            ]
            for (filter, expected) in cases {
                let forwards = try await fixture.store.readLog(after: before, .forwards, matching: filter, limit: 10)
                #expect(forwards.map { $0.position.rawValue - before.rawValue } == expected)
                let backwards = try await fixture.store.readLog(after: nil, .backwards, matching: filter, limit: 10)
                #expect(backwards == forwards.reversed())
                let first = try await fixture.store.readLog(after: before, .forwards, matching: filter, limit: 1)
                #expect(first == Array(forwards.prefix(1)))
            }
        },
        Clause(promise: "the log of all tenants is filtered by category, type and type prefix") { fixture in
            let before = try await fixture.store.head()
            let unique = fixture.tenant.rawValue.lowercased().prefix(20)
            let type = try EventType("contract.thing.\(unique).v1")
            for tenant in [fixture.tenant, fixture.otherTenant, fixture.tenant] {
                let event = try fixture.event(type: type.rawValue)
                _ = try await fixture.store.append(
                    [fixture.event(), event], to: fixture.stream(of: tenant), expecting: .any)
            }
            let things = try StreamCategory(context: "contract", aggregate: "thing", schema: 1)
            let others = try StreamCategory(context: "contract", aggregate: "other", schema: 1)
            for filter in [
                LogFilter(types: [type]), LogFilter(typePrefixes: [try EventTypePrefix("contract.thing.\(unique)")]),
                LogFilter(categories: [things, others], types: [type]),
            ] {
                let found = try await fixture.store.readLog(after: before, .forwards, matching: filter, limit: 10)
                #expect(found.map(\.tenant) == [fixture.tenant, fixture.otherTenant, fixture.tenant])
                #expect(found.map(\.position) == found.map(\.position).sorted())
                #expect(found.allSatisfy { $0.type == type })
                let back = try await fixture.store.readLog(after: nil, .backwards, matching: filter, limit: 2)
                #expect(back == Array(found.reversed().prefix(2)))
            }
            let none = LogFilter(categories: [others], types: [type])
            #expect(try await fixture.store.readLog(after: before, .forwards, matching: none, limit: 10).isEmpty)
        },
        Clause(promise: "streams and the log are read as sequences of any length, page by page") { fixture in
            let before = try await fixture.store.head()
            let stream = try fixture.stream()
            _ = try await fixture.store.append(fixture.events(23), to: stream, expecting: .noStream)
            func revisions(_ events: EventSequence) async throws -> [Int64] {
                try await events.reduce(into: []) { $0.append($1.revision.rawValue) }
            }
            let all = Array(Int64(0)...22)
            #expect(try await revisions(fixture.store.events(of: stream, pageSize: 5)) == all)
            #expect(
                try await revisions(fixture.store.events(of: stream, from: Revision(20), pageSize: 2)) == [20, 21, 22])
            #expect(try await revisions(fixture.store.events(of: stream, .backwards, pageSize: 4)) == all.reversed())
            let ours = LogFilter(tenant: fixture.tenant)
            #expect(try await revisions(fixture.store.log(after: before, matching: ours, pageSize: 23)) == all)
            #expect(
                try await revisions(fixture.store.log(after: nil, .backwards, matching: ours, pageSize: 7))
                    == all.reversed())
        },
    ]

    static let times: [Clause] = [
        Clause(promise: "the position at a time is that of the last event recorded at or before it") { fixture in
            for number in 0..<5 {
                _ = try await fixture.store.append([fixture.event()], to: fixture.stream("\(number)"), expecting: .any)
            }
            let log = try await fixture.store.readLog(after: nil, .forwards, limit: 10_000)
            for event in log.suffix(5) {
                let expected = log.last { $0.recordedAt <= event.recordedAt }
                #expect(try await fixture.store.position(at: event.recordedAt) == expected?.position)
            }
            #expect(try await fixture.store.position(at: log[0].recordedAt.addingTimeInterval(-1)) == .start)
            let head = try await fixture.store.head()
            #expect(try await fixture.store.position(at: Date.distantFuture) >= head)
        },
        Clause(promise: "the log is read from a time on") { fixture in
            let commit = try await fixture.store.append(fixture.events(2), to: fixture.stream("1"), expecting: .any)
            let first = try #require(
                try await fixture.store.readLog(after: Position(commit.position.rawValue - 1), .forwards, limit: 1)
                    .first)
            _ = try await fixture.store.append(fixture.events(1), to: fixture.stream("2"), expecting: .any)
            var since: [RecordedEvent] = []
            for try await event in fixture.store.log(
                since: first.recordedAt, matching: LogFilter(tenant: fixture.tenant))
            {
                since.append(event)
            }
            let later = try await fixture.log(after: commit.position).filter { $0.recordedAt > first.recordedAt }
            #expect(since == later)
        },
        Clause(promise: "the log is read by the times at which events happened") { fixture in
            let now = Date()
            // Recorded late, in order, in the order of another clock, and by a clock that is ahead.
            for offset in [-3_600, -60, -120, 0, 3_600.0] {
                let metadata = EventMetadata(
                    correlationID: "contract", causationID: "contract", source: "contract",
                    occurredAt: now.addingTimeInterval(offset))
                let event = NewEvent(
                    id: .v7(), type: try EventType("contract.thing.happened.v1"), data: EventPayload(bytes: []),
                    metadata: try EventPayload(encoding: metadata))
                _ = try await fixture.store.append([event], to: fixture.stream(), expecting: .any)
            }
            let log = try await fixture.log(after: .start)
            for time in [-7_200, -3_600, -90, -60, 0.0].map(now.addingTimeInterval) + log.map(\.happenedAt) {
                var found: [RecordedEvent] = []
                for try await event in fixture.store.log(
                    happenedSince: time, matching: LogFilter(tenant: fixture.tenant), pageSize: 2)
                {
                    found.append(event)
                }
                #expect(found == log.filter { $0.happenedAt >= time })
            }
            #expect(log.filter { $0.happenedAt >= now.addingTimeInterval(-90) }.count == 3)
        },
    ]
}
