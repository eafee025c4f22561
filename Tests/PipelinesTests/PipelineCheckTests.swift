import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import Pipelines
import Testing

/// Every mistake has its sentence.
@Suite struct PipelineCheckTests {
    private typealias Shop = Pipeline<Product, Aggregates<Product>>

    private func faults(_ pipeline: Pipeline<some EventSourced, some Sendable>) -> [String] {
        do throws(InvalidPipeline) { try pipeline.check() } catch { return error.faults }
        return []
    }

    @Test func `a pipeline without mistakes has no faults`() throws {
        let pipeline = try Shop.shop().projection("tags", PriceTags()).projection("histories", PriceHistories())
            .handler("watch") { _ in }
            .route(JobRoute("prices", for: .all) { [Job(for: $0)] }, into: InMemoryJobQueue())
        #expect(faults(pipeline).isEmpty)
    }

    @Test func `names are there once`() throws {
        let queue = InMemoryJobQueue()
        let route = JobRoute("shop.watch", for: .all) { [Job(for: $0)] }
        let pipeline = try Shop.shop().command(SetPrice.self)
            .projection("tags", PriceTags()).projection("tags", PriceHistories())
            .handler("watch") { _ in }.route(route, into: queue)
        #expect(
            faults(pipeline) == [
                "two commands are called \"shop.product.set_price\": rename one of them",
                "two projections are called \"tags\": rename one of them",
                "two handlers or sinks are called \"shop.watch\": rename one of them",
            ])
    }

    @Test func `names follow the naming scheme`() throws {
        let pipeline = Pipeline("the shop", of: Broken.self, category: try .products)
        #expect(
            faults(pipeline) == [
                """
                "Broken.happened" is not a valid event type: use <context>.<aggregate>.<action>.v<schema>, where the first \
                three are lower-case words
                """,
                "use 1 to 128 ASCII letters, digits, hyphens, underscores or dots for its name",
            ])
        let handler = try Shop.shop().handler("no spaces") { _ in }
        #expect(
            faults(handler) == [
                """
                "shop.no spaces" is not a valid subscription name: use 1 to 128 ASCII letters, digits, dots, hyphens or \
                underscores
                """
            ])
    }

    @Test func `a projection knows the events of the pipeline, and no others`() throws {
        let pipeline = try Shop.shop().projection("old", OldTags())
        #expect(
            faults(pipeline) == [
                "the projection \"old\" does not know shop.product.price_changed.v1, and would park its streams: fold it",
                "the projection \"old\" does not know shop.product.withdrawn.v1, and would park its streams: fold it",
                "the projection \"old\" folds shop.product.renamed.v1, which no aggregate of the pipeline has: remove it",
            ])
    }

    @Test func `a filter passes some event of the pipeline`() throws {
        let none = try Shop.shop().handler("never", on: []) { _ in }
        #expect(
            faults(none) == ["the handler or sink \"shop.never\": its filter can pass no event: name at least one type"]
        )

        let elsewhere = LogFilter(categories: [try StreamCategory("shop.customer.v1")])
        let other = try Shop.shop().handler(Watch(filter: elsewhere))
        #expect(
            faults(other) == [
                """
                the handler or sink "watch": its filter can pass no event: the categories of the pipeline are \
                shop.product.v1
                """
            ])

        let unknown = LogFilter(typePrefixes: [try EventTypePrefix("shop.customer.")])
        let route = JobRoute("customers", for: unknown) { [Job(for: $0)] }
        let routed = try Shop.shop().route(route, into: InMemoryJobQueue())
        #expect(
            faults(routed) == [
                "the handler or sink \"customers\": no event has a type that begins with shop.customer."
            ])

        let overridden = LogFilter(types: [try EventType("shop.product.renamed.v1")])
        let overriding = try Shop.shop().handler(Watch(filter: .all), matching: overridden)
        #expect(
            faults(overriding) == [
                """
                the handler or sink "watch": no event has the type shop.product.renamed.v1: use one of \
                shop.product.created.v1, shop.product.price_changed.v1, shop.product.withdrawn.v1
                """
            ])
    }

    @Test func `events of another pipeline are followed when they are named`() throws {
        let filter = LogFilter(categories: [try StreamCategory("shop.customer.v1")])
        let pipeline = try Shop.shop().following(OldTags.Event.self, in: StreamCategory("shop.customer.v1"))
            .handler(Watch(filter: filter))
        #expect(faults(pipeline).isEmpty)
    }

    @Test func `what is wrong with a pipeline is said before it runs`() async throws {
        let pipeline = try Shop.shop().projection("tags", PriceTags()).projection("tags", PriceTags())
        let error = await #expect(throws: InvalidPipeline.self) {
            try await pipeline.service(on: .inMemory(), logger: TestRuntime.logger)
        }
        #expect(
            error?.description
                == "the pipeline \"shop\" is not valid: two projections are called \"tags\": rename one of them")
        #expect(error?.category == .validation)
    }

    @Test func `a command that the pipeline does not have is refused by its name`() async throws {
        let pipeline = Pipeline("shop", of: Product.self, category: try .products).command(SetPrice.self)
        let shop = try await pipeline.service(on: .inMemory(), logger: TestRuntime.logger)
        let error = await #expect(throws: CommandNotRegistered.self) {
            try await shop.commands.send(WithdrawProduct(productId: "p"), in: .of())
        }
        #expect(
            error?.description == """
                no command "shop.product.withdraw" is registered here: register it, or send it to the pipeline that has it; \
                there are: shop.product.set_price
                """)
        let other = try #require(error)
        await #expect(throws: other) {
            try await shop.commands.send(named: "shop.product.withdraw", json: EventPayload(bytes: []), in: .of())
        }
        await #expect(throws: other) { try await shop.commands.execute(WithdrawProduct(productId: "p"), in: .of()) }
    }

    @Test func `what PostgreSQL cannot keep is said at start`() async throws {
        let client = PostgresClient(PostgresConfiguration(hosts: [.init("nowhere")], username: "u", database: "d"))
        let pipeline = try Shop.shop().adding(OwnDeclaration())
        let error = await #expect(throws: UnsupportedProjection.self) {
            try await pipeline.service(
                on: .postgres(eventStore: client, readDatabase: client, process: "tests"), logger: TestRuntime.logger)
        }
        #expect(
            error?.description == """
                the projection "own" cannot be kept in PostgreSQL: make its declaration a PostgresDeclaration, or add it with \
                a table or a target
                """)
        await client.close()
    }

    @Test func `a projection is found by its name and its documents`() async throws {
        let shop = try await Shop.shop().projection("tags", PriceTags())
            .service(on: .inMemory(), logger: TestRuntime.logger)
        let missing = #expect(throws: UnknownProjection.self) {
            try shop.projection(named: "tag", of: PriceTags.self)
        }
        #expect(missing?.description == "the pipeline \"shop\" has no such projection \"tag\": there are: tags")
        let other = #expect(throws: UnknownProjection.self) {
            try shop.projection(named: "tags", of: PriceHistories.self)
        }
        #expect(
            other?.description
                == "the pipeline \"shop\" has no such projection \"tags\": its documents are not those of PriceHistories"
        )
    }
}

/// A declaration that only memory can host.
private struct OwnDeclaration: ProjectionDeclaration {
    let name = "own"
    let storedName = "own"
    let events: (any DomainEvent.Type)? = nil
    let filter = LogFilter.all

    func hosted(
        inMemoryReading reader: any EventReader, now: @escaping @Sendable () -> Date
    ) -> HostedProjection { HostedProjection(InMemoryProjection(name, PriceTags(), now: now)) }
}

private struct Watch: EventHandler {
    let name = "watch"
    let filter: LogFilter

    func handle(_ event: RecordedEvent, attempt: Int) async throws {}
}

/// Folds an event that nobody appends, and not all that are.
private struct OldTags: DocumentProjection {
    enum Event: DomainEvent {
        case created
        case renamed

        enum Name: String, CaseIterable {
            case created = "shop.product.created.v1"
            case renamed = "shop.product.renamed.v1"
        }

        var name: Name { self == .created ? .created : .renamed }
        func encode() throws -> EventPayload { EventPayload(bytes: []) }
        init(_ name: Name, from payload: EventPayload) throws { self = name == .created ? .created : .renamed }
    }

    func evolve(_ tag: inout PriceTag?, with event: Recorded<Event>) {}
}

/// An aggregate whose event has a name that no store takes.
private struct Broken: EventSourced {
    struct Event: DomainEvent {
        enum Name: String, CaseIterable { case happened = "Broken.happened" }

        var name: Name { .happened }
        func encode() throws -> EventPayload { EventPayload(bytes: []) }
        init(_ name: Name, from payload: EventPayload) throws {}
    }

    mutating func evolve(_ event: Event) {}
}
