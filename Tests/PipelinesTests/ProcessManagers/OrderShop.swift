import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Synchronization

@testable import Pipelines

/// Stands for `kill -9`: nothing of what follows happens.
struct Killed: Error {}

struct Refused: CategorizedError { let category = ErrorCategory.validation }

/// Counts the steps of a process, and kills it at one of them.
final class Faults: Sendable {
    private let left: Mutex<Int?>
    let isKilled = Mutex(false)

    /// - Parameter step: from 1; nil for never.
    init(killingAt step: Int? = nil) { left = Mutex(step) }

    func step() throws {
        let kills = left.withLock { left in
            left = left.map { $0 - 1 }
            return left == 0
        }
        if kills { isKilled.withLock { $0 = true } }
        if isKilled.withLock(\.self) { throw Killed() }
    }
}

/// A store that is lost before or after an append.
struct FaultyStore<Base: EventStore>: ForwardingEventStore {
    let base: Base
    let faults: Faults

    func append(_ append: Append) async throws -> AppendOutcome {
        try faults.step()
        let outcome = try await base.append(append)
        try faults.step()
        return outcome
    }
}

struct FaultyDeadlines: DeadlineStore {
    let base: any DeadlineStore
    let faults: Faults

    func schedule(_ deadlines: [ProcessDeadline], of instance: StreamName, at revision: Revision) async throws {
        try faults.step()
        try await base.schedule(deadlines, of: instance, at: revision)
        try faults.step()
    }

    func claimDue(
        of process: StreamCategory, tenant: TenantID?, at now: Date, limit: Int, until expiry: Date
    ) async throws -> [DueDeadline] {
        try faults.step()
        let due = try await base.claimDue(of: process, tenant: tenant, at: now, limit: limit, until: expiry)
        try faults.step()
        return due
    }

    func postpone(_ due: DueDeadline, until time: Date) async throws { try await base.postpone(due, until: time) }

    func nextDue(of process: StreamCategory, tenant: TenantID?) async throws -> Date? {
        try await base.nextDue(of: process, tenant: tenant)
    }
}

/// A shop whose orders are events, and whose warehouse takes commands: an effect is an event there.
final class Shop: Sendable {
    let store: any EventStore
    let deadlines: any DeadlineStore
    let tenant: TenantID
    let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
    /// The actions that the warehouse refuses, such as `ship` or `ship 1`, and those that fail for now.
    let refused = Mutex<Set<String>>([])
    let failing = Mutex<Set<String>>([])
    /// How often commands arrived, with repetitions.
    let arrivals = Mutex(0)

    init(
        _ store: any EventStore = InMemoryEventStore(), _ deadlines: any DeadlineStore = InMemoryDeadlineStore()
    ) throws {
        self.store = store
        self.deadlines = deadlines
        tenant = try TenantID("t\(UUID().text.filter { $0 != "-" })")
    }

    var now: Date { time.withLock(\.self) }
    func pass(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }

    func stream(_ category: String, _ id: String) throws -> StreamName {
        try StreamName(category: StreamCategory("shop.\(category).v1"), tenant: tenant, entityID: id)
    }

    func happen(_ action: String, to order: String = "1") async throws {
        let context = MessageContext(tenant: tenant, correlationID: "request-\(order)", source: "tests", now: now)
        _ = try await store.append(
            [event("shop.order.\(action).v1", in: context)], to: stream("order", order), expecting: .any)
    }

    private func event(_ type: String, in context: MessageContext) throws -> NewEvent {
        let metadata = EventMetadata(
            correlationID: context.correlationID, causationID: context.causationID, commandID: context.commandID,
            source: context.source, occurredAt: context.now)
        return NewEvent(
            id: UUID.v7(), type: try EventType(type), data: EventPayload(bytes: Array("{}".utf8)),
            metadata: try EventPayload(encoding: metadata))
    }

    struct Unavailable: Error {}

    /// What the process sends its commands to.
    func take(_ command: OrderProcess.Command, in context: MessageContext) async throws {
        arrivals.withLock { $0 += 1 }
        let names = [command.action, "\(command.action) \(command.order)"]
        if refused.withLock({ !$0.isDisjoint(with: names) }) { throw Refused() }
        if failing.withLock({ $0.contains(command.action) }) { throw Unavailable() }
        _ = try await store.append(
            [event("shop.parcel.\(command.action).v1", in: context)], to: stream("parcel", command.order),
            expecting: .any, by: context.command)
    }

    func handler(_ faults: Faults = Faults()) -> ProcessHandler<OrderProcess> {
        func forwarding(_ store: some EventStore) -> any EventStore { FaultyStore(base: store, faults: faults) }
        return ProcessHandler(
            manager: OrderProcess(), store: forwarding(store),
            deadlines: FaultyDeadlines(base: deadlines, faults: faults),
            send: { command, context in
                try faults.step()
                try await self.take(command, in: context)
                try faults.step()
            }, now: { self.now }, scheduled: { _ in })
    }

    // MARK: Delivery

    var events: [RecordedEvent] {
        get async throws {
            let filter = LogFilter(tenant: tenant, categories: [OrderProcess.orders])
            return try await store.readLog(after: .start, .forwards, matching: filter, limit: 100)
        }
    }

    /// Delivers all events in their order, each until it is handled: a killed process is followed by another one.
    func deliverAll(_ handler: ProcessHandler<OrderProcess>) async throws {
        for event in try await events {
            do { try await handler.handle(event) } catch is Killed { try await self.handler().handle(event) }
        }
    }

    /// Meets what is due, as a runner does.
    func meetAll(_ handler: ProcessHandler<OrderProcess>) async throws {
        do { try await claimAndMeet(handler) } catch is Killed {
            // Until the claim of the process that died expires.
            pass(DeadlineRunner.claimDuration)
            try await claimAndMeet(self.handler())
        }
    }

    private func claimAndMeet(_ handler: ProcessHandler<OrderProcess>) async throws {
        let due = try await handler.deadlines.claimDue(
            of: OrderProcess.category, tenant: tenant, at: now, limit: 10, until: now + DeadlineRunner.claimDuration)
        for deadline in due { try await handler.meet(deadline) }
    }

    // MARK: What has come of it

    /// The actions that were carried out, in their order.
    var effects: [String] {
        get async throws {
            let filter = LogFilter(tenant: tenant, categories: [try StreamCategory("shop.parcel.v1")])
            return try await store.readLog(after: .start, .forwards, matching: filter, limit: 100).map {
                String($0.type.rawValue.split(separator: ".")[2])
            }
        }
    }

    /// What the stream of an instance says.
    func names(of order: String = "1") async throws -> [String] {
        try await store.read(stream("fulfilment", order), from: nil, .forwards, limit: 100).map {
            String($0.type.rawValue.split(separator: ".")[2])
        }
    }
}
