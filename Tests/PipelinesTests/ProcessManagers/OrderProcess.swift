import EventSourcing
import FoundationEssentials
import Pipelines

/// An order is to be paid within an hour: then it is shipped, otherwise it is cancelled.
struct OrderProcess: ProcessManager {
    static let category = named("shop.fulfilment.v1")
    static let orders = named("shop.order.v1")

    private static func named(_ name: String) -> StreamCategory {
        do { return try StreamCategory(name) } catch { preconditionFailure("\(error)") }
    }

    struct State: EventSourced {
        var isPlaced = false
        mutating func evolve(_ event: Placed) { isPlaced = true }
    }

    /// The one event of its own.
    struct Placed: DomainEvent, Hashable {
        enum Name: String, CaseIterable { case placed = "shop.fulfilment.placed.v1" }

        var name: Name { .placed }
        func encode() throws -> EventPayload { EventPayload(bytes: Array("{}".utf8)) }
        init() {}
        init(_ name: Name, from payload: EventPayload) throws {}
    }

    struct Command: Codable, Hashable {
        let order: String
        let action: String
    }

    var filter: LogFilter { LogFilter(categories: [Self.orders]) }

    func instance(for event: RecordedEvent) -> String? {
        event.type.rawValue == "shop.order.viewed.v1" ? nil : String(event.stream.entityID)
    }

    func react(to input: Input, in state: State, at now: Date) throws -> [Action] {
        switch input {
        case .event(let event):
            let order = String(event.stream.entityID)
            switch event.type.rawValue {
            case "shop.order.placed.v1":
                return [
                    .record(Placed()), .setDeadline("payment", at: now + 3_600),
                    .send(Command(order: order, action: "reserve")), .send(Command(order: order, action: "confirm")),
                ]
            case "shop.order.extended.v1" where state.isPlaced: return [.setDeadline("payment", at: now + 7_200)]
            case "shop.order.paid.v1" where state.isPlaced:
                return [.send(Command(order: order, action: "ship")), .end]
            case "shop.order.broken.v1": throw BrokenOrder()
            default: return []
            }
        case .deadlineReached: return [.send(Command(order: "late", action: "cancel")), .end]
        case .commandRefused(let command, _):
            return [.send(Command(order: command.order, action: "apologize")), .cancelDeadline("payment")]
        }
    }
}

struct BrokenOrder: CategorizedError { let category = ErrorCategory.poison }
