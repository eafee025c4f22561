import EventSourcing
import FoundationEssentials
import Testing

@Suite struct AggregateCommandTests {
    private let events = InMemoryEventStore()

    private func send(_ command: CountUp, key id: String? = nil) async throws -> CommandResult {
        let category = try StreamCategory("tests.counter.v1")
        let aggregates = AggregateStore<Counter>(events)
        let context = MessageContext(
            tenant: try TenantID("core"), correlationID: "c-1",
            command: try id.map { try CommandKey(id: $0, of: command) },
            source: "tests", now: Date(timeIntervalSince1970: 0))
        return try await CommandBus<Aggregates<Counter>> {
            Aggregates(store: aggregates, category: category, context: $0)
        }.send(command, in: context)
    }

    @Test func `it is decided on the aggregate that its payload names`() async throws {
        let stream = try StreamName("tests.counter.v1-core-a")
        #expect(
            try await send(CountUp(counter: "a", step: 2))
                == CommandResult(stream: stream, revision: .first, position: Position(1), isRepetition: false))
        #expect(try await send(CountUp(counter: "a", step: 0)).revision == .first)
        #expect(try await send(CountUp(counter: "b", step: 0)).revision == nil)
    }

    @Test(arguments: [nil, "key"])
    func `what its decision throws is a refusal with the error's code`(key: String?) async throws {
        let refusal = await #expect(throws: CommandRefused.self) {
            _ = try await send(CountUp(counter: "a", step: 3, limit: 3), key: key)
            _ = try await send(CountUp(counter: "a", step: 3, limit: 3), key: key.map { $0 + "2" })
        }
        #expect(
            refusal
                == CommandRefused(command: "tests.counter.count_up", code: "limit-reached", reason: "limitReached"))
        #expect(refusal?.category == .validation)
    }

    @Test func `with a key it is handled once, and its result or its refusal is that of the first time`() async throws {
        let first = try await send(CountUp(counter: "a", step: 2), key: "k1")
        await #expect(throws: CommandRefused.self) {
            try await send(CountUp(counter: "a", step: 9, limit: 10), key: "k2")
        }
        _ = try await send(CountUp(counter: "a", step: 2))
        let again = try await send(CountUp(counter: "a", step: 2), key: "k1")
        #expect(again.isRepetition && again.revision == first.revision && again.position == first.position)
        let refusal = await #expect(throws: CommandRefused.self) {
            try await send(CountUp(counter: "a", step: 9, limit: 10), key: "k2")
        }
        #expect(refusal?.isRepetition == true && refusal?.code == "limit-reached")
        await #expect(throws: CommandIDReused.self) { try await send(CountUp(counter: "a", step: 3), key: "k1") }
        #expect(try await events.head() == Position(2))
    }

    @Test func `a rule of the schema and the id hold also for a command that the program makes`() async throws {
        await #expect(throws: InvalidFields.self) { try await send(CountUp(counter: "a", step: 3, limit: 2)) }
        await #expect(throws: InvalidName.self) { try await send(CountUp(counter: "a b", step: 3)) }
        #expect(try await events.head() == .start)
    }

    @Test func `a result survives JSON`() throws {
        let result = CommandResult(
            stream: try StreamName("tests.counter.v1-core-a"), revision: nil, position: Position(7), isRepetition: true)
        #expect(try EventPayload(encoding: result).decode(CommandResult.self) == result)
    }
}
