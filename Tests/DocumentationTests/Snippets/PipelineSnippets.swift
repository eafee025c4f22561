import EventSourcing
import FoundationEssentials
import Pipelines
import Testing

struct Created: Codable, Hashable { let price: Int64 }

enum ProductEvent: DomainEvent, Hashable {
    case created(Created)

    enum Name: String, CaseIterable { case created = "catalog.product.created.v1" }

    var name: Name { .created }

    func encode() throws -> EventPayload {
        switch self {
        case .created(let created): try EventPayload(encoding: created)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .created: self = .created(try payload.decode(Created.self))
        }
    }
}

struct Product: EventSourced {
    private(set) var price: Int64?

    mutating func evolve(_ event: ProductEvent) {
        switch event {
        case .created(let created): price = created.price
        }
    }
}

struct CreateProduct: AggregateCommand {
    static let name = "catalog.product.create"
    static let schema = CommandSchema<Self>(.id("id"), .integer("price", in: 0...1_000_000_000))

    let id: String
    let price: Int64

    var entityID: String { id }

    func decide(_ product: Product, in context: MessageContext) throws -> [ProductEvent] {
        product.price == nil ? [.created(Created(price: price))] : []
    }
}

struct ProductCards: DocumentProjection {
    func evolve(_ card: inout ProductCard?, with event: Recorded<ProductEvent>) {
        switch event.event {
        case .created(let created): card = ProductCard(price: created.price)
        }
    }
}

struct ProductCard: Codable, Hashable { var price: Int64 }

@Suite(.timeLimit(.minutes(1))) struct PipelineSnippets {
    @Test func `pipelines: a bounded context is one value, and runs in memory`() async throws {
        let context = MessageContext(
            tenant: try TenantID("acme"), correlationID: "request-1", source: "catalog", now: Date())

        let catalog = Pipeline("catalog", of: Product.self, category: try StreamCategory("catalog.product.v1"))
            .command(CreateProduct.self)
            .projection("cards", ProductCards())

        try await catalog.run(on: .inMemory()) { catalog in
            let created = try await catalog.commands.send(CreateProduct(id: "p1", price: 100), in: context)
            let cards = try catalog.projection(named: "cards", of: ProductCards.self)
            let card = try await cards.get("p1", in: context, atLeast: created.position)
            #expect(card?.price == 100)
        }
    }
}
