import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Pipelines
import PostgresTesting
import Testing

/// No product is sold for more than a hundred for long.
private struct PriceLimit: ProcessManager {
    static let category: StreamCategory = {
        do { return try StreamCategory("shop.price_limit.v1") } catch { preconditionFailure("\(error)") }
    }()

    struct Raised: DomainEvent {
        enum Name: String, CaseIterable { case raised = "shop.price_limit.raised.v1" }

        let productId: String
        var name: Name { .raised }
        func encode() throws -> EventPayload { try EventPayload(encoding: ["productId": productId]) }
        init(productId: String) { self.productId = productId }
        init(_ name: Name, from payload: EventPayload) throws {
            productId = try payload.decode([String: String].self)["productId"] ?? ""
        }
    }

    struct State: EventSourced {
        private(set) var productId = ""
        mutating func evolve(_ event: Raised) { productId = event.productId }
    }

    typealias Command = SetPrice

    let category: StreamCategory
    /// How long a price may be higher.
    var grace: TimeInterval = 0
    var filter: LogFilter { LogFilter(categories: [category]) }

    func instance(for event: RecordedEvent) -> String? { String(event.stream.entityID) }

    func react(to input: Input, in state: State, at now: Date) throws -> [Action] {
        switch input {
        case .event(let record):
            switch try Recorded<ProductEvent>(decoding: record)?.event {
            case .created(let priced), .priceChanged(let priced):
                guard priced.price > 100 else { return [] }
                return [
                    .record(Raised(productId: String(record.stream.entityID))), .setDeadline("limit", at: now + grace),
                ]
            case .withdrawn, nil: return [.cancelDeadline("limit")]
            }
        case .deadlineReached: return [.send(SetPrice(productId: state.productId, price: 100))]
        case .commandRefused: return []
        }
    }
}

@Suite(.database, .timeLimit(.minutes(5))) struct PipelineProcessTests {
    @Test(arguments: TestRuntime.allCases)
    func `a process manager of a pipeline sends commands to its aggregates`(_ runtime: TestRuntime) async throws {
        try await runtime.use { runtime in
            let limit = PriceLimit(category: try .products)
            let pipeline = try Pipeline.shop().projection("tags", PriceTags()).processManager(limit)
            try await pipeline.run(on: runtime, logger: TestRuntime.logger) { shop in
                let context = try MessageContext.of()
                let tags = try shop.projection(named: "tags", of: PriceTags.self)
                for (product, price) in [("a", 90), ("b", 500), ("c", 900)] {
                    try await shop.commands.send(SetPrice(productId: product, price: price), in: context)
                }
                for product in ["b", "c"] {
                    while try await tags.get(product, in: context) != PriceTag(price: 100, changes: 1) {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                }
                #expect(try await tags.get("a", in: context) == PriceTag(price: 90))
            }
        }
    }

    /// All of the pipeline obeys the clock: nothing is ever due by that of the machine.
    @Test(arguments: TestRuntime.allCases)
    func `a deadline of a process manager is met when the clock is moved over it`(
        _ runtime: TestRuntime
    ) async throws {
        let clock = ManualClock()
        try await runtime.use(clock: clock.time) { runtime in
            let limit = PriceLimit(category: try .products, grace: 86_400)
            let pipeline = try Pipeline.shop().projection("tags", PriceTags()).processManager(limit)
            try await pipeline.run(on: runtime, logger: TestRuntime.logger) { shop in
                let context = try MessageContext.of()
                let tags = try shop.projection(named: "tags", of: PriceTags.self)
                let due = clock.date + 86_400
                try await shop.commands.send(
                    SetPrice(productId: "b", price: 500), in: context, waitingUpTo: .seconds(30))
                let process = PriceLimit.category
                while try await runtime.deadlines.nextDue(of: process, tenant: nil) != due {
                    try await Task.sleep(for: .milliseconds(5))
                }
                clock.advance(by: .seconds(86_300))
                try await clock.advance { try await tags.get("b", in: context)?.price != 500 }
                #expect(clock.now.elapsed >= .seconds(86_400))
                #expect(try await tags.get("b", in: context) == PriceTag(price: 100, changes: 1))
            }
        }
    }

    @Test func `two process managers of one name are found before anything runs`() throws {
        let limit = PriceLimit(category: try .products)
        let pipeline = try Pipeline.shop().processManager(limit).processManager(limit)
        #expect(throws: InvalidPipeline.self) { try pipeline.check() }
        #expect(throws: InvalidPipeline.self) {
            let other = PriceLimit(category: try StreamCategory("shop.order.v1"))
            try Pipeline.shop().processManager(other).check()
        }
    }
}
