import EventSourcing

struct CreateProduct: AggregateCommand {
    static let name = "catalog.product.create"
    static let schema = CommandSchema<Self>(
        .id("productId"), .text("name", in: 1...100), .integer("price", in: 0...1_000_000_000))

    let productId: String
    let name: String
    let price: Int64

    var entityID: String { productId }

    func decide(_ product: Product, in context: MessageContext) throws -> [ProductEvent] {
        try product.create(name: name, price: price)
    }
}

struct UpdatePrice: AggregateCommand {
    static let name = "catalog.product.update_price"
    static let schema = CommandSchema<Self>(
        .id("productId"), .integer("price", in: 0...1_000_000_000), .text("reason", in: 1...200))

    let productId: String
    let price: Int64
    let reason: String

    var entityID: String { productId }

    func decide(_ product: Product, in context: MessageContext) throws -> [ProductEvent] {
        try product.updatePrice(to: price, because: reason)
    }
}

struct DeactivateProduct: AggregateCommand {
    static let name = "catalog.product.deactivate"
    static let schema = CommandSchema<Self>(.id("productId"), .text("reason", in: 1...200))

    let productId: String
    let reason: String

    var entityID: String { productId }

    func decide(_ product: Product, in context: MessageContext) throws -> [ProductEvent] {
        try product.deactivate(because: reason)
    }
}
