import EventSourcing
import FoundationEssentials
import Pipelines

/// A product of a shop: it has a price, and what is refused is refused by one rule.
struct Product: Snapshottable, Codable {
    static let snapshotSchema = 1
    private(set) var price: Int?

    mutating func evolve(_ event: ProductEvent) {
        switch event {
        case .created(let priced), .priceChanged(let priced): price = priced.price
        case .withdrawn: price = nil
        }
    }
}

struct Priced: Codable, Hashable { let price: Int }

enum ProductEvent: DomainEvent, Hashable {
    case created(Priced)
    case priceChanged(Priced)
    case withdrawn

    enum Name: String, CaseIterable {
        case created = "shop.product.created.v1"
        case priceChanged = "shop.product.price_changed.v1"
        case withdrawn = "shop.product.withdrawn.v1"
    }

    var name: Name {
        switch self {
        case .created: .created
        case .priceChanged: .priceChanged
        case .withdrawn: .withdrawn
        }
    }

    func encode() throws -> EventPayload {
        switch self {
        case .created(let priced), .priceChanged(let priced): try EventPayload(encoding: priced)
        case .withdrawn: EventPayload(bytes: Array("{}".utf8))
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .created: self = .created(try payload.decode(Priced.self))
        case .priceChanged: self = .priceChanged(try payload.decode(Priced.self))
        case .withdrawn: self = .withdrawn
        }
    }
}

/// Sets a price, of a new product or of a known one.
struct SetPrice: AggregateCommand {
    static let name = "shop.product.set_price"
    static let schema = CommandSchema<Self>(.id("productId"), .integer("price", in: 0...1_000_000))

    let productId: String
    let price: Int

    var entityID: String { productId }

    func decide(_ product: Product, in context: MessageContext) throws -> [ProductEvent] {
        guard let present = product.price else { return [.created(Priced(price: price))] }
        return present == price ? [] : [.priceChanged(Priced(price: price))]
    }
}

struct WithdrawProduct: AggregateCommand {
    static let name = "shop.product.withdraw"
    static let schema = CommandSchema<Self>(.id("productId"))

    let productId: String

    var entityID: String { productId }

    func decide(_ product: Product, in context: MessageContext) throws -> [ProductEvent] {
        product.price == nil ? [] : [.withdrawn]
    }
}

struct PriceTag: Codable, Equatable {
    var price: Int
    var changes = 0
}

/// The price of each product that is there.
struct PriceTags: DocumentProjection {
    func evolve(_ tag: inout PriceTag?, with event: Recorded<ProductEvent>) {
        switch event.event {
        case .created(let priced): tag = PriceTag(price: priced.price)
        case .priceChanged(let priced): tag = PriceTag(price: priced.price, changes: (tag?.changes ?? 0) + 1)
        case .withdrawn: tag = nil
        }
    }
}

/// Every price that a product has had; one of 13 cannot be written down.
struct PriceHistories: DocumentProjection {
    struct BadLuck: Error {}

    func evolve(_ prices: inout [Int]?, with event: Recorded<ProductEvent>) throws {
        switch event.event {
        case .created(let priced), .priceChanged(let priced):
            if priced.price == 13 { throw BadLuck() }
            prices = (prices ?? []) + [priced.price]
        case .withdrawn: break
        }
    }
}

extension StreamCategory {
    static var products: StreamCategory { get throws { try StreamCategory("shop.product.v1") } }
}

extension Pipeline where State == Product, Reach == Aggregates<Product> {
    /// The shop with its commands and nothing that follows the log.
    static func shop() throws -> Self {
        Pipeline("shop", of: Product.self, category: try .products).command(SetPrice.self).command(WithdrawProduct.self)
    }
}

extension MessageContext {
    static func of(_ tenant: String = "acme") throws -> MessageContext {
        MessageContext(tenant: try TenantID(tenant), correlationID: "c", source: "tests", now: Date())
    }
}
