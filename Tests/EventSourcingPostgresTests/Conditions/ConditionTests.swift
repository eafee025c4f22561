import AppendWorkload
import EventSourcing
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@testable import EventSourcingPostgres

@Suite(.database, .timeLimit(.minutes(5))) struct ConditionTests {
    private func context() throws -> MessageContext {
        MessageContext(
            tenant: try TenantID("core"), correlationID: "test", source: "tests",
            now: Date(timeIntervalSince1970: 1_800_000_000))
    }

    @Test func `a budget is kept by two processes that pay from it at once`() async throws {
        try await withDatabase(migrations: "event_store") { client in
            try await withClient { other in
                let budgets = try [client, other].map {
                    try BudgetAccount(
                        PostgresEventStore($0, appended: PositionSignal()), retries: 1_000, in: context())
                }
                try await budgets[0].grant(100)
                let paid = try await withThrowingTaskGroup { group in
                    for number in 0..<30 {
                        group.addTask {
                            do {
                                try await budgets[number % 2].pay("\(number)", 9)
                                return true
                            } catch is BudgetExceeded {
                                return false
                            }
                        }
                    }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(paid == 11)
                #expect(try await budgets[1].left() == 1)
            }
        }
    }

    @Test func `conditions of one batch see what is appended before them in it`() async throws {
        try await withDatabase(migrations: "event_store") { client in
            let (a, b) = (try EventTag("a:1"), try EventTag("b:1"))
            func append(_ id: String, tagged tags: Set<EventTag>, unless excluded: EventTag?) throws -> Append {
                let event = NewEvent(
                    id: .v7(), type: try EventType("tests.thing.happened.v1"), data: EventPayload(bytes: []),
                    metadata: EventPayload(bytes: []), tags: tags)
                let streams = try ["\(id).1", "\(id).2"].map { try StreamName("tests.thing.v1-core-\($0)") }
                return Append(
                    [
                        StreamAppend([event], to: streams[0], expecting: .noStream),
                        StreamAppend(asserting: streams[1], is: .noStream),
                    ], condition: excluded.map { AppendCondition(noneOf: EventQuery(tags: [$0])) })
            }
            // The second is refused because of the first; the third is not, because the second was refused.
            let batch = try [
                append("1", tagged: [a], unless: nil), append("2", tagged: [b], unless: a),
                append("3", tagged: [a], unless: b), append("4", tagged: [], unless: a),
                append("5", tagged: [b], unless: nil), append("6", tagged: [b], unless: b),
            ]
            let outcomes = try await AppendEvents.run(batch, within: .unlimited, on: client).outcomes
            let positions = outcomes.map { outcome -> Int64? in (try? outcome.get())?.position.rawValue }
            #expect(positions == [1, nil, 2, nil, 3, nil])
            let conflicts = outcomes.map { outcome -> Int64? in
                guard case .failure(let error as AppendConditionFailed) = outcome else { return nil }
                return error.position.rawValue
            }
            #expect(conflicts == [nil, 1, nil, 1, nil, 3])
            let store = PostgresEventStore(client, appended: PositionSignal())
            let found = try await store.read(EventQuery(tags: [b]), in: TenantID("core"), after: .start, limit: 9)
            #expect(found.events.map(\.position.rawValue) == [3])
        }
    }
}

extension BatchBounds {
    fileprivate static var unlimited: BatchBounds {
        BatchBounds(deadline: .now + .seconds(60), interruption: PostgresInterruption())
    }
}
