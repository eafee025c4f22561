import EventSourcing
import Pipelines

/// What people see of a product.
struct ProductCard: Codable, Hashable, CustomStringConvertible {
    let name: String
    var price: Int64
    var priceChanges = 0
    var isActive = true

    var description: String { "\(name): \(price) cents after \(priceChanges) changes\(isActive ? "" : ", inactive")" }
}

/// The read model: a card for each product.
struct ProductCards: DocumentProjection {
    func evolve(_ card: inout ProductCard?, with event: Recorded<ProductEvent>) {
        switch event.event {
        case .created(let created): card = ProductCard(name: created.name, price: created.price)
        case .priceUpdated(let updated):
            card?.price = updated.newPrice
            card?.priceChanges += 1
        case .deactivated: card?.isActive = false
        }
    }
}

/// The catalog as one value; it runs wherever it is told to.
func catalog(category: StreamCategory) -> Pipeline<Product, Aggregates<Product>> {
    Pipeline("catalog", of: Product.self, category: category)
        .command(CreateProduct.self)
        .command(UpdatePrice.self)
        .command(DeactivateProduct.self)
        .projection("cards", ProductCards())
        .snapshots(.events(1_000))
}

typealias RunningCatalog = PipelineService<Product, Aggregates<Product>>
