import EventSourcing

/// A product of the catalog: nothing but the fold of its events.
struct Product: Snapshottable, Codable, Hashable {
    static let snapshotSchema = 1

    private(set) var name: String?
    /// In cents, like all prices.
    private(set) var price: Int64 = 0
    private(set) var isActive = false

    mutating func evolve(_ event: ProductEvent) {
        switch event {
        case .created(let created): (name, price, isActive) = (created.name, created.price, true)
        case .priceUpdated(let updated): price = updated.newPrice
        case .deactivated: isActive = false
        }
    }
}

/// What can be decided about a product: the events that follow, or why there are none.
extension Product {
    func create(name: String, price: Int64) throws(ProductRefusal) -> [ProductEvent] {
        guard self.name == nil else { throw .exists }
        guard price >= 0 else { throw .negativePrice }
        return [.created(ProductCreated(name: name, price: price))]
    }

    func updatePrice(to newPrice: Int64, because reason: String) throws(ProductRefusal) -> [ProductEvent] {
        try requireActive()
        guard newPrice >= 0 else { throw .negativePrice }
        guard newPrice != price else { return [] }
        return [.priceUpdated(ProductPriceUpdated(oldPrice: price, newPrice: newPrice, reason: reason))]
    }

    func deactivate(because reason: String) throws(ProductRefusal) -> [ProductEvent] {
        try requireActive()
        return [.deactivated(ProductDeactivated(reason: reason))]
    }

    private func requireActive() throws(ProductRefusal) {
        guard name != nil else { throw .unknown }
        guard isActive else { throw .inactive }
    }
}

/// Why a product refuses a command.
enum ProductRefusal: String, Error, CustomStringConvertible {
    case exists = "the product exists already"
    case unknown = "there is no such product"
    case inactive = "the product is not active any more"
    case negativePrice = "a price cannot be negative"

    var description: String { rawValue }
}
