import EventSourcing
import FoundationEssentials
import Pipelines
import PostgresTesting
import Synchronization
import Testing

/// The commands of a pipeline are the same commands whether they are handled at once or through a queue.
@Suite(.database, .timeLimit(.minutes(5))) struct PipelineDispatchTests {
    enum Way: CaseIterable { case direct, queued }

    private struct LowerPrice: AggregateCommand {
        static let name = "shop.product.lower_price"
        static let schema = CommandSchema<Self>(.id("productId"), .integer("by", in: 1...1_000_000))

        struct TooLow: RefusalCode, CustomStringConvertible {
            let code = "too-low"
            let description = "the price would be below zero"
        }

        let productId: String
        let by: Int

        var entityID: String { productId }

        func decide(_ product: Product, in context: MessageContext) throws -> [ProductEvent] {
            guard let price = product.price, price >= by else { throw TooLow() }
            return [.priceChanged(Priced(price: price - by))]
        }
    }

    private let queue = CountingQueue()

    private func pipeline(_ way: Way) throws -> Pipeline<Product, Aggregates<Product>> {
        let shop = try Pipeline.shop().command(LowerPrice.self).projection("tags", PriceTags())
        guard way == .queued else { return shop }
        return shop.commands(dispatched: .queued(queue)) { [queue] commands, _ in
            InMemoryJobWorker(of: queue.jobs) { job, _ in try await commands.handle(job) }
        }
    }

    private func context<C: AggregateCommand>(_ id: String, of command: C) throws -> MessageContext {
        MessageContext(
            tenant: try TenantID("acme"), correlationID: "c", command: try CommandKey(id: id, of: command),
            source: "tests", now: Date(timeIntervalSince1970: 1))
    }

    @Test(arguments: TestRuntime.allCases, Way.allCases)
    func `results, refusals and repetitions are the same, by value and by name`(
        _ runtime: TestRuntime, _ way: Way
    ) async throws {
        try await runtime.use { runtime in
            try await pipeline(way).run(on: runtime, logger: TestRuntime.logger) { shop in
                let commands = shop.commands
                let stream = try StreamName("shop.product.v1-acme-p")
                let create = SetPrice(productId: "p", price: 5)
                for isRepetition in [false, true] {
                    #expect(
                        try await commands.send(create, in: context("a", of: create), waitingUpTo: .seconds(30))
                            == CommandResult(
                                stream: stream, revision: .first, position: Position(1), isRepetition: isRepetition))
                }
                let lower = LowerPrice(productId: "p", by: 6)
                for isRepetition in [false, true] {
                    await #expect(
                        throws: CommandRefused(
                            command: LowerPrice.name, code: "too-low", reason: "the price would be below zero",
                            isRepetition: isRepetition)
                    ) { try await commands.send(lower, in: context("b", of: lower)) }
                }
                await #expect(throws: CommandIDReused.self) {
                    try await commands.send(lower, in: context("a", of: lower))
                }
                let named = try await commands.send(
                    named: "shop.product.lower_price",
                    json: EventPayload(bytes: Array(#"{"productId":"p","by":2}"#.utf8)), in: .of())
                #expect(named.stream == stream && named.revision == Revision(1) && !named.isRepetition)
                let faults = await #expect(throws: InvalidFields.self) {
                    try await commands.send(
                        named: "shop.product.lower_price", json: EventPayload(bytes: Array(#"{"by":0}"#.utf8)),
                        in: .of())
                }
                #expect(faults?.errors.map(\.pointer) == ["/productId", "/by"])
                await #expect(throws: CommandNotRegistered.self) {
                    try await commands.send(named: "shop.product.buy", json: EventPayload(bytes: []), in: .of())
                }
                let tags = try shop.projection(named: "tags", of: PriceTags.self)
                let tag = try await tags.get("p", in: .of(), atLeast: named.position, timeout: .seconds(30))
                #expect(tag == PriceTag(price: 3, changes: 1))
            }
            #expect(queue.jobs.jobs.isEmpty)
            // One for each command that no result was known of, the refused one and the reused id as well.
            #expect(queue.count.withLock(\.self) == (way == .queued ? 3 : 0))
        }
    }

    @Test func `a command that is queued in one process is handled by the worker of another`() async throws {
        let runtime = InMemoryRuntime()
        let sender = try await pipeline(.queued).service(on: runtime, running: [], logger: TestRuntime.logger)
        async let result = sender.commands.send(SetPrice(productId: "p", price: 5), in: .of())
        while queue.jobs.jobs.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        let head = try await runtime.events.head()
        #expect(head == .start)
        try await pipeline(.queued).run(on: runtime, logger: TestRuntime.logger) { _ in
            while try await runtime.events.head() == .start { try await Task.sleep(for: .milliseconds(1)) }
        }
        let handled = try await result
        #expect(handled.revision == .first && !handled.isRepetition)
    }
}

/// Counts what goes through it.
private final class CountingQueue: JobQueue {
    let jobs = InMemoryJobQueue()
    let count = Mutex(0)

    func add(_ jobs: [Job]) async throws -> [JobOutcome] {
        count.withLock { $0 += jobs.count }
        return try await self.jobs.add(jobs)
    }
}
