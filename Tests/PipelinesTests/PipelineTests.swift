import EventSourcing
import Logging
import Pipelines
import PostgresTesting
import Synchronization
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PipelineTests {
    private typealias Shop = Pipeline<Product, Aggregates<Product>>

    /// Runs a pipeline while `body` uses it.
    private func running<Answer: Sendable>(
        _ pipeline: Shop, on runtime: any PipelineRuntime,
        _ body: (PipelineService<Product, Aggregates<Product>>) async throws -> Answer
    ) async throws -> Answer { try await pipeline.run(on: runtime, logger: TestRuntime.logger, body) }

    @Test(arguments: TestRuntime.allCases)
    func `a command is decided, and what came of it is read from the documents`(_ runtime: TestRuntime) async throws {
        try await runtime.use { runtime in
            try await running(.shop().projection("tags", PriceTags()), on: runtime) { shop in
                let context = try MessageContext.of()
                let tags = try shop.projection(named: "tags", of: PriceTags.self)
                #expect(try await !tags.has("p", in: context))
                try await shop.commands.send(
                    SetPrice(productId: "p", price: 5), in: context, waitingUpTo: .seconds(30))
                #expect(try await tags.get("p", in: context) == PriceTag(price: 5))
                let result = try await shop.commands.send(SetPrice(productId: "p", price: 7), in: context)
                let tag = try await tags.get("p", in: context, atLeast: result.position, timeout: .seconds(30))
                #expect(tag == PriceTag(price: 7, changes: 1))
                try await shop.commands.send(WithdrawProduct(productId: "p"), in: context, waitingUpTo: .seconds(30))
                #expect(try await !tags.has("p", in: context))
            }
        }
    }

    @Test(arguments: TestRuntime.allCases)
    func `events that were decided elsewhere are stored and projected`(_ runtime: TestRuntime) async throws {
        try await runtime.use { runtime in
            try await running(.shop().projection("tags", PriceTags()), on: runtime) { shop in
                let context = try MessageContext.of()
                let stored = try await shop.store(
                    events: [.created(Priced(price: 1)), .priceChanged(Priced(price: 2))], to: "p", in: context)
                #expect(stored.revision == Revision(1))
                #expect(try await shop.wait(until: stored.position, atMost: .seconds(30)))
                let tags = try shop.projection(named: "tags", of: PriceTags.self)
                #expect(try await tags.get("p", in: context) == PriceTag(price: 2, changes: 1))
                await #expect(throws: WrongExpectedRevision.self) {
                    try await shop.store(events: [.withdrawn], to: "p", in: context, expecting: .noStream)
                }
            }
        }
    }

    @Test(arguments: TestRuntime.allCases)
    func `tenants do not see each other`(_ runtime: TestRuntime) async throws {
        try await runtime.use { runtime in
            try await running(.shop().projection("tags", PriceTags()), on: runtime) { shop in
                let (acme, other) = (try MessageContext.of("acme"), try MessageContext.of("other"))
                let tags = try shop.projection(named: "tags", of: PriceTags.self)
                for (context, price) in [(acme, 1), (other, 2)] {
                    for id in ["p", "q"] {
                        try await shop.commands.send(
                            SetPrice(productId: id, price: price), in: context, waitingUpTo: .seconds(30))
                    }
                }
                try await shop.commands.send(WithdrawProduct(productId: "q"), in: acme, waitingUpTo: .seconds(30))
                #expect(try await tags.get("p", in: acme) == PriceTag(price: 1))
                #expect(try await tags.get("p", in: other) == PriceTag(price: 2))
                #expect(try await tags.list(in: acme).map(\.entityID) == ["p"])
                #expect(try await tags.list(in: other).map(\.entityID) == ["p", "q"])
                #expect(try await tags.list(after: "p", limit: 1, in: other).map(\.entityID) == ["q"])
                #expect(try await shop.aggregates.load(StreamName("shop.product.v1-other-q")).state.price == 2)
            }
        }
    }

    @Test(arguments: TestRuntime.allCases)
    func `a projection that cannot apply an event holds up neither its other streams nor other projections`(
        _ runtime: TestRuntime
    ) async throws {
        let pipeline = try Shop.shop().projection("tags", PriceTags(), partitions: 3)
            .projection("histories", PriceHistories())
        try await runtime.use { runtime in
            try await running(pipeline, on: runtime) { shop in
                let context = try MessageContext.of()
                for (id, price) in [("bad", 1), ("bad", 13), ("bad", 2), ("good", 13), ("good", 3), ("fine", 4)] {
                    try await shop.commands.send(
                        SetPrice(productId: id, price: price), in: context, waitingUpTo: .seconds(30))
                }
                let tags = try shop.projection(named: "tags", of: PriceTags.self)
                let histories = try shop.projection(named: "histories", of: PriceHistories.self)
                #expect(try await tags.list(in: context).map(\.document.price) == [2, 4, 3])
                #expect(try await histories.get("bad", in: context) == [1])
                #expect(try await histories.get("good", in: context) == nil)
                #expect(try await histories.get("fine", in: context) == [4])
            }
        }
    }

    @Test(arguments: TestRuntime.allCases)
    func `a document is made again from its whole stream`(_ runtime: TestRuntime) async throws {
        try await runtime.use { runtime in
            let pipeline = try Shop.shop().projection("histories", PriceHistories())
            try await running(pipeline, on: runtime) { shop in
                let context = try MessageContext.of()
                for price in [1, 13, 2] {
                    try await shop.commands.send(
                        SetPrice(productId: "p", price: price), in: context, waitingUpTo: .seconds(30))
                }
                let histories = try shop.projection(named: "histories", of: PriceHistories.self)
                #expect(try await histories.update("p", in: context) == [1])
                #expect(try await histories.update("nobody", in: context) == nil)
            }
        }
    }

    @Test(arguments: TestRuntime.allCases)
    func `what was written before a restart is there after it, and handlers go on where they were`(
        _ runtime: TestRuntime
    ) async throws {
        let handled = PositionSignal()
        let seen = Mutex<[Int64]>([])
        let pipeline = try Shop.shop().projection("tags", PriceTags())
            .handler("watch", on: [.created, .priceChanged]) { event in
                seen.withLock { $0.append(event.record.position.rawValue) }
                handled.advance(to: event.record.position)
            }
        try await runtime.use { runtime in
            let context = try MessageContext.of()
            for round in 1...3 {
                try await running(pipeline, on: runtime) { shop in
                    let result = try await shop.commands.send(SetPrice(productId: "p", price: round), in: context)
                    let tags = try shop.projection(named: "tags", of: PriceTags.self)
                    let tag = try await tags.get("p", in: context, atLeast: result.position, timeout: .seconds(30))
                    #expect(tag == PriceTag(price: round, changes: round - 1))
                    #expect(try await handled.wait(until: result.position, atMost: .seconds(30)))
                }
            }
            #expect(seen.withLock(\.self) == [1, 2, 3])
        }
    }

    @Test(arguments: TestRuntime.allCases)
    func `a part that another process runs is registered here and run there`(_ runtime: TestRuntime) async throws {
        let queue = InMemoryJobQueue()
        let pipeline = try Shop.shop().projection("tags", PriceTags()).route(
            JobRoute("prices", for: LogFilter(categories: [.products])) { [Job(for: $0)] }, into: queue)
        try await runtime.use { runtime in
            let context = try MessageContext.of()
            let writer = try await pipeline.service(on: runtime, running: [], logger: TestRuntime.logger)
            let result = try await writer.commands.send(SetPrice(productId: "p", price: 1), in: context)
            try await running(pipeline, on: runtime) { shop in
                #expect(try await shop.wait(until: result.position, atMost: .seconds(30)))
                while queue.jobs.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            }
            #expect(queue.jobs.map(\.name) == ["shop.product.created.v1"])
        }
    }

    @Test(arguments: TestRuntime.allCases)
    func `a long stream is loaded from its snapshot`(_ runtime: TestRuntime) async throws {
        let pipeline = try Shop.shop().snapshots(.events(3))
        try await runtime.use { runtime in
            let context = try MessageContext.of()
            let stream = try StreamName("shop.product.v1-acme-p")
            try await running(pipeline, on: runtime) { shop in
                for price in 1...5 {
                    _ = try await shop.commands.send(SetPrice(productId: "p", price: price), in: context)
                }
            }
            let snapshot = try #require(try await runtime.snapshots.latest(of: stream))
            #expect(snapshot.revision == Revision(2))
            try await running(pipeline, on: runtime) { shop in
                let loaded = try await shop.aggregates.load(stream)
                #expect(loaded.state.price == 5)
            }
        }
    }
}
