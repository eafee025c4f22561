import EventSourcing
import EventSourcingTesting
import Foundation
import Testing

@testable import ProductCatalog

@Suite struct ProductTests {
    private let created = ProductEvent.created(ProductCreated(name: "Lamp", price: 49_90))
    private let discounted = ProductEvent.priceUpdated(
        ProductPriceUpdated(oldPrice: 49_90, newPrice: 39_90, reason: "sale"))
    private let deactivated = ProductEvent.deactivated(ProductDeactivated(reason: "sold out"))

    @Test func `a product is created once`() {
        given(Product.self).when { try $0.create(name: "Lamp", price: 49_90) }.then([created])
        given(Product.self, [created]).when { try $0.create(name: "Lamp", price: 1) }
            .thenThrows(ProductRefusal.exists)
        given(Product.self).when { try $0.create(name: "Lamp", price: -1) }.thenThrows(ProductRefusal.negativePrice)
    }

    @Test func `a new price is said with the old one and the reason, and the same price says nothing`() {
        given(Product.self, [created]).when { try $0.updatePrice(to: 39_90, because: "sale") }.then([discounted])
        given(Product.self, [created]).when { try $0.updatePrice(to: 49_90, because: "sale") }.thenNothing()
    }

    @Test(arguments: [Int64.min, -1])
    func `a price is never negative`(_ price: Int64) {
        given(Product.self, [created]).when { try $0.updatePrice(to: price, because: "sale") }
            .thenThrows(ProductRefusal.negativePrice)
    }

    @Test func `an inactive product keeps its price, and is not deactivated again`() {
        given(Product.self, [created]).when { try $0.deactivate(because: "sold out") }.then([deactivated])
        given(Product.self, [created, deactivated]).when { try $0.updatePrice(to: 1, because: "sale") }
            .thenThrows(ProductRefusal.inactive)
        given(Product.self, [created, deactivated]).when { try $0.deactivate(because: "sold out") }
            .thenThrows(ProductRefusal.inactive)
        given(Product.self).when { try $0.deactivate(because: "sold out") }.thenThrows(ProductRefusal.unknown)
    }

    @Test func `a card shows the last price, and stays when the product is inactive`() throws {
        let lamp = try StreamName("catalog.product.v1-shop-lamp")
        given(ProductCards(), [created, discounted], in: lamp)
            .then([lamp: ProductCard(name: "Lamp", price: 39_90, priceChanges: 1)])
        given(ProductCards(), [created, deactivated], in: lamp)
            .then([lamp: ProductCard(name: "Lamp", price: 49_90, isActive: false)])
    }

    @Test func `every stored event decodes, for ever`() throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let events = try expectDecodable(ProductEvent.self, in: folder)
        #expect(events["catalog.product.price_updated.v1"] == discounted)
    }

    @Test func `a command is decoded by its schema, which names all wrong fields`() throws {
        let payload = EventPayload(bytes: Array(#"{"productId":"lamp","price":1.5,"reason":""}"#.utf8))
        let error = try #require(throws: InvalidFields.self) { try UpdatePrice.schema.decode(payload) }
        #expect(error.errors.map(\.pointer) == ["/price", "/reason"])
    }
}
