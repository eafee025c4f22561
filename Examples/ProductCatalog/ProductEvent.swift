import EventSourcing

struct ProductCreated: Codable, Hashable {
    let name: String
    let price: Int64
}

struct ProductPriceUpdated: Codable, Hashable {
    let oldPrice: Int64
    let newPrice: Int64
    let reason: String
}

struct ProductDeactivated: Codable, Hashable { let reason: String }

/// Everything that can have happened to a product.
enum ProductEvent: DomainEvent, Hashable {
    case created(ProductCreated)
    case priceUpdated(ProductPriceUpdated)
    case deactivated(ProductDeactivated)

    /// The names in the log. They never change.
    enum Name: String, CaseIterable {
        case created = "catalog.product.created.v1"
        case priceUpdated = "catalog.product.price_updated.v1"
        case deactivated = "catalog.product.deactivated.v1"
    }

    var name: Name {
        switch self {
        case .created: .created
        case .priceUpdated: .priceUpdated
        case .deactivated: .deactivated
        }
    }

    func encode() throws -> EventPayload {
        switch self {
        case .created(let created): try EventPayload(encoding: created)
        case .priceUpdated(let updated): try EventPayload(encoding: updated)
        case .deactivated(let deactivated): try EventPayload(encoding: deactivated)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .created: self = .created(try payload.decode(ProductCreated.self))
        case .priceUpdated: self = .priceUpdated(try payload.decode(ProductPriceUpdated.self))
        case .deactivated: self = .deactivated(try payload.decode(ProductDeactivated.self))
        }
    }
}
