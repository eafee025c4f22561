import EventSourcing
import FoundationEssentials
import Logging
import Pipelines

/// Prints what comes of the commands on a catalog.
struct Demonstration<Runtime: PipelineRuntime> {
    let runtime: Runtime
    let logger: Logger

    func run() async throws {
        let category = try StreamCategory("catalog.product.v1")
        try await catalog(category: category).run(on: runtime, logger: logger) { catalog in
            try await send(CreateProduct(productId: "lamp", name: "Lamp", price: 49_90), to: catalog)
            try await send(UpdatePrice(productId: "lamp", price: 39_90, reason: "spring sale"), to: catalog)
            try await send(UpdatePrice(productId: "lamp", price: -1, reason: "a mistake"), to: catalog)
            try await send(DeactivateProduct(productId: "lamp", reason: "sold out"), to: catalog)
            try await send(UpdatePrice(productId: "lamp", price: 9_90, reason: "too late"), to: catalog)
            try await send(DeactivateProduct(productId: "lamp", reason: "again"), to: catalog)
            print("The log of the lamp:")
            let lamp = try StreamName(category: category, tenant: context().tenant, entityID: "lamp")
            try await runtime.events.readAll(lamp) { event in
                print("  \(event.revision) \(event.type) \(String(decoding: event.data.bytes, as: UTF8.self))")
            }
            try await changePriceOften(of: "clock", in: catalog)
        }
    }

    private func context() throws -> MessageContext {
        MessageContext(tenant: try TenantID("shop"), correlationID: "demo", source: "catalog", now: Date())
    }

    /// Sends a command, and shows the card of its product as soon as the read model has come as far.
    private func send<C: AggregateCommand>(_ command: C, to catalog: RunningCatalog) async throws
    where C.Aggregate == Product {
        do {
            let result = try await catalog.commands.send(command, in: context())
            let cards = try catalog.projection(named: "cards", of: ProductCards.self)
            if let card = try await cards.get(command.entityID, in: context(), atLeast: result.position) { print(card) }
        } catch let refusal as CommandRefused {
            print("Refused: \(refusal.reason)")
        }
    }

    /// A snapshot keeps the load of a product short, however often its price has changed.
    private func changePriceOften(of product: String, in catalog: RunningCatalog) async throws {
        try await send(CreateProduct(productId: product, name: "Clock", price: 0), to: catalog)
        for start in stride(from: Int64(0), to: 10_000, by: 1_000) {
            let changes = (start..<start + 1_000).map {
                ProductEvent.priceUpdated(ProductPriceUpdated(oldPrice: $0, newPrice: $0 + 1, reason: "every minute"))
            }
            try await catalog.store(events: changes, to: product, in: context())
        }
        let stream = try StreamName(category: catalog.category, tenant: context().tenant, entityID: product)
        while try await runtime.snapshots.latest(of: stream)?.revision.rawValue ?? 0 < 9_000 {
            try await Task.sleep(for: .milliseconds(5))
        }
        let snapshots: Snapshots<Product>? = Snapshots(
            in: runtime.snapshots, policy: .never, writer: SnapshotWriter(runtime.snapshots, logger: logger))
        for (way, snapshots) in [("its events", nil), ("a snapshot and the events after it", snapshots)] {
            let start = ContinuousClock.now
            let loaded = try await AggregateReader(runtime.events, snapshots: snapshots).load(stream)
            let time = Int((ContinuousClock.now - start) / .milliseconds(0.1))
            print("The clock, \(loaded.state.price) cents, loaded from \(way) in \(time) × 0.1 ms")
        }
    }
}
