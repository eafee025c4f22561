import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Logging
import Pipelines
import Synchronization
import Testing

@testable import ProductCatalog

@Suite(.timeLimit(.minutes(3))) struct SnapshotTests {
    /// Counts the events that are read of streams.
    private final class CountingStore: ForwardingEventStore {
        let base: InMemoryEventStore
        let count = Mutex(0)

        init(_ base: InMemoryEventStore) { self.base = base }

        func read(
            _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
        ) async throws -> [RecordedEvent] {
            let events = try await base.read(stream, from: start, direction, limit: limit)
            count.withLock { $0 += events.count }
            return events
        }
    }

    /// How many events are read to load a product.
    private func eventsRead(after changes: Int) async throws -> Int {
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let (events, stored) = (InMemoryEventStore(), InMemorySnapshotStore())
        let stream = try StreamName("catalog.product.v1-shop-clock")
        let context = MessageContext(tenant: stream.tenant, correlationID: "c", source: "tests", now: Date())
        let writer = SnapshotWriter(stored, logger: logger)
        let products = AggregateStore(
            events, snapshots: Snapshots<Product>(in: stored, policy: .events(1_000), writer: writer))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { await writer.run() }
            let prices = (1...changes).map {
                ProductEvent.priceUpdated(ProductPriceUpdated(oldPrice: 0, newPrice: Int64($0), reason: "every minute"))
            }
            for start in stride(from: 0, to: changes, by: 500) {
                let part = Array(prices[start..<min(start + 500, changes)])
                _ = try await products.transact(stream, in: context) { (_: Product) in part }
            }
            while try await stored.latest(of: stream)?.revision.rawValue ?? 0 < changes - 1_000 {
                try await Task.sleep(for: .milliseconds(1))
            }
            tasks.cancelAll()
        }
        let counting = CountingStore(events)
        let snapshots = Snapshots<Product>(in: stored, policy: .never, writer: writer)
        let loaded = try await AggregateReader(counting, snapshots: snapshots).load(stream)
        #expect(loaded.state.price == changes)
        return counting.count.withLock(\.self)
    }

    @Test func `a load reads as many events after 10,500 changes as after 1,500`() async throws {
        let few = try await eventsRead(after: 1_500)
        #expect(few > 500 && few <= 1_000)
        #expect(try await eventsRead(after: 10_500) == few)
    }
}
