import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Pipelines
import Testing

@Suite struct ProcessScenarioTests {
    /// What happens to an order, by the name of the stored type.
    private struct OrderEvent: DomainEvent {
        enum Name: String, CaseIterable {
            case placed = "shop.order.placed.v1"
            case viewed = "shop.order.viewed.v1"
            case paid = "shop.order.paid.v1"
            case broken = "shop.order.broken.v1"
        }

        let name: Name
        init(_ name: Name) { self.name = name }
        init(_ name: Name, from payload: EventPayload) throws { self.name = name }
        func encode() throws -> EventPayload { EventPayload(bytes: Array("{}".utf8)) }
    }

    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let order: StreamName

    init() throws { order = try StreamName("shop.order.v1-core-1") }

    private func placed() -> ProcessScenario<OrderProcess> {
        given(OrderProcess(), at: noon).when(OrderEvent(.placed), in: order)
    }

    private func sends(_ action: String, _ order: String = "1") -> OrderProcess.Action {
        .send(OrderProcess.Command(order: order, action: action))
    }

    @Test func `actions follow from events, and from what was recorded before`() {
        placed().then([
            .record(OrderProcess.Placed()), .setDeadline("payment", at: noon + 3_600), sends("reserve"),
            sends("confirm"),
        ])
        .when(OrderEvent(.viewed), in: order).thenNothing()
        .when(OrderEvent(.paid), in: order).then([sends("ship"), .end])
        .when(OrderEvent(.placed), in: order).thenNothing()
        given(OrderProcess(), at: noon).when(OrderEvent(.paid), in: order).thenNothing()
    }

    @Test func `actions follow from deadlines and refusals`() {
        placed().whenReached("payment", at: noon + 3_600).then([sends("cancel", "late"), .end])
        placed().whenRefused(OrderProcess.Command(order: "1", action: "reserve"), because: "sold out")
            .then([sends("apologize"), .cancelDeadline("payment")])
    }

    @Test func `an event that cannot be handled has a category`() {
        placed().when(OrderEvent(.broken), in: order).thenFails(.poison)
        withKnownIssue { placed().thenFails(.poison) }
        withKnownIssue { placed().when(OrderEvent(.broken), in: order).thenNothing() }
    }
}
