import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Synchronization
import Testing

@testable import Pipelines

@Suite(.timeLimit(.minutes(5))) struct ProcessHandlerTests {
    private let shop: Shop

    init() throws { shop = try Shop() }

    @Test func `events lead to commands, once, however often they are delivered`() async throws {
        try await shop.happen("placed")
        try await shop.happen("paid")
        for _ in 0..<3 { try await shop.deliverAll(shop.handler()) }
        #expect(try await shop.effects == ["reserve", "confirm", "ship"])
        #expect(shop.arrivals.withLock(\.self) == 3)
        #expect(
            try await shop.names() == [
                "event_handled", "placed", "command_sent", "command_sent", "event_handled", "command_sent",
            ])
        #expect(try await shop.deadlines.nextDue(of: OrderProcess.category, tenant: nil) == nil, "it has ended")
    }

    @Test func `a command is caused by the decision, which is caused by the event`() async throws {
        try await shop.happen("placed")
        try await shop.deliverAll(shop.handler())
        let event = try #require(try await shop.events.first)
        let decision = try #require(
            try await shop.store.read(shop.stream("fulfilment", "1"), from: nil, .forwards, limit: 1).first)
        let effect = try #require(
            try await shop.store.read(shop.stream("parcel", "1"), from: nil, .forwards, limit: 1).first)
        #expect(try decision.decodeMetadata().causationID == event.id.text)
        #expect(try effect.decodeMetadata().causationID == decision.id.text)
        #expect(try effect.decodeMetadata().correlationID == "request-1")
        #expect(try effect.decodeMetadata().commandID?.hasPrefix("shop.fulfilment.v1/") == true)
    }

    @Test func `an event that nothing follows from leaves nothing behind`() async throws {
        try await shop.happen("viewed")
        try await shop.happen("paid")
        try await shop.deliverAll(shop.handler())
        #expect(try await shop.names().isEmpty)
        #expect(try await shop.store.head() == Position(2))
    }

    // MARK: Deadlines

    @Test func `a deadline is met when its time has come`() async throws {
        try await shop.happen("placed")
        try await shop.deliverAll(shop.handler())
        shop.pass(3_599)
        try await shop.meetAll(shop.handler())
        #expect(try await shop.effects == ["reserve", "confirm"])
        shop.pass(1)
        for _ in 0..<3 { try await shop.meetAll(shop.handler()) }
        #expect(try await shop.effects == ["reserve", "confirm", "cancel"])
        #expect(try await shop.names().suffix(2) == ["deadline_reached", "command_sent"])
        #expect(try await shop.deadlines.nextDue(of: OrderProcess.category, tenant: nil) == nil)
    }

    @Test func `a deadline that was moved or cancelled is not met at its old time`() async throws {
        try await shop.happen("placed")
        try await shop.happen("placed", to: "2")
        try await shop.deliverAll(shop.handler())
        shop.pass(1_800)
        try await shop.happen("extended")
        try await shop.happen("paid", to: "2")
        try await shop.deliverAll(shop.handler())
        shop.pass(1_800)
        // One that another process has claimed just before, too.
        let old = ProcessDeadline("payment", dueAt: shop.now)
        try await shop.handler().meet(DueDeadline(old, of: shop.stream("fulfilment", "1"), attempt: 1))
        try await shop.meetAll(shop.handler())
        #expect(try await shop.effects == ["reserve", "confirm", "reserve", "confirm", "ship"])
        shop.pass(5_400)
        try await shop.meetAll(shop.handler())
        #expect(try await shop.effects.last == "cancel")
    }

    @Test func `a deadline of an instance that the log does not have is forgotten`() async throws {
        let stream = try shop.stream("fulfilment", "lost")
        try await shop.deadlines.schedule([ProcessDeadline("payment", dueAt: shop.now)], of: stream, at: .first)
        try await shop.meetAll(shop.handler())
        #expect(try await shop.deadlines.nextDue(of: OrderProcess.category, tenant: nil) == nil)
        #expect(try await shop.effects.isEmpty)
    }

    // MARK: Failures

    @Test func `a command that is refused is told to the process, and not sent again`() async throws {
        shop.refused.withLock { $0 = ["confirm"] }
        try await shop.happen("placed")
        for _ in 0..<2 { try await shop.deliverAll(shop.handler()) }
        #expect(try await shop.effects == ["reserve", "apologize"])
        #expect(
            try await shop.names() == ["event_handled", "placed", "command_sent", "command_refused", "command_sent"])
        #expect(try await shop.deadlines.nextDue(of: OrderProcess.category, tenant: nil) == nil, "it was cancelled")
    }

    @Test func `a command that fails for now is sent again, and its deadlines are kept meanwhile`() async throws {
        shop.failing.withLock { $0 = ["confirm"] }
        try await shop.happen("placed")
        await #expect(throws: Shop.Unavailable.self) { try await shop.deliverAll(shop.handler()) }
        #expect(try await shop.effects == ["reserve"])
        #expect(try await shop.deadlines.nextDue(of: OrderProcess.category, tenant: nil) != nil)
        shop.failing.withLock { $0 = [] }
        try await shop.deliverAll(shop.handler())
        #expect(try await shop.effects == ["reserve", "confirm"])
    }

    @Test func `a decision that fails leaves nothing behind`() async throws {
        try await shop.happen("broken")
        await #expect(throws: BrokenOrder.self) { try await shop.deliverAll(shop.handler()) }
        #expect(try await shop.names().isEmpty)
    }

    // MARK: Crashes

    /// The lives of three orders: one is paid, one is not, and one is refused. One process is killed at a step.
    private func live(killingAt step: Int) async throws -> Bool {
        let shop = try Shop()
        let faults = Faults(killingAt: step)
        func handler() -> ProcessHandler<OrderProcess> {
            faults.isKilled.withLock(\.self) ? shop.handler() : shop.handler(faults)
        }
        for order in ["paid", "late", "refused"] { try await shop.happen("placed", to: order) }
        shop.refused.withLock { $0 = ["confirm refused"] }
        try await shop.deliverAll(handler())
        try await shop.happen("paid", to: "paid")
        try await shop.deliverAll(handler())
        shop.pass(3_600)
        try await shop.meetAll(handler())
        let expected = [
            "reserve", "confirm", "reserve", "confirm", "reserve", "apologize", "ship", "cancel",
        ]
        #expect(try await shop.effects == expected, "killed at step \(step)")
        let placed = ["event_handled", "placed", "command_sent"]
        let names = [
            "paid": placed + ["command_sent", "event_handled", "command_sent"],
            "late": placed + ["command_sent", "deadline_reached", "command_sent"],
            "refused": placed + ["command_refused", "command_sent"],
        ]
        for (order, names) in names {
            #expect(try await shop.names(of: order) == names, "\(order), killed at step \(step)")
        }
        #expect(try await shop.deadlines.nextDue(of: OrderProcess.category, tenant: nil) == nil, "step \(step)")
        return faults.isKilled.withLock(\.self)
    }

    @Test func `a process that is killed between any two steps does everything once`() async throws {
        var step = 1
        while try await live(killingAt: step) { step += 1 }
        #expect(step > 40, "there are more steps than \(step - 1)")
    }

    @Test func `several processes at the same work do everything once`() async throws {
        for order in 0..<10 { try await shop.happen("placed", to: "\(order)") }
        try await atOnce { try await shop.deliverAll(shop.handler()) }
        shop.pass(3_600)
        try await atOnce {
            for order in 0..<10 {
                let due = ProcessDeadline("payment", dueAt: shop.now)
                try await shop.handler().meet(DueDeadline(due, of: shop.stream("fulfilment", "\(order)"), attempt: 1))
            }
        }
        let effects = try await shop.effects
        #expect(["reserve", "confirm", "cancel"].map { action in effects.count { $0 == action } } == [10, 10, 10])
        for order in 0..<10 {
            #expect(try await shop.names(of: "\(order)").count { $0 == "command_sent" } == 3)
        }
    }

    private func atOnce(_ body: @Sendable @escaping () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await body() } }
            try await group.waitForAll()
        }
    }
}
