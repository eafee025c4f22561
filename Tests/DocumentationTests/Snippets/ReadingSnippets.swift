import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import Logging
import Testing

struct Balances: StreamRowProjection {
    func key(for event: Recorded<AccountEvent>) -> StreamName? { event.record.stream }

    func stream(of key: StreamName) -> StreamName { key }

    func evolve(_ balance: inout Int64?, with event: Recorded<AccountEvent>) {
        switch event.event {
        case .deposited(let deposit): balance = (balance ?? 0) + Int64(deposit.amount)
        case .withdrawn(let withdrawal): balance = (balance ?? 0) - Int64(withdrawal.amount)
        }
    }
}

let balances = PostgresTable<StreamName, Int64>(
    "balances", key: [PostgresColumn("account") { $0.rawValue }], columns: [PostgresColumn("amount") { $0 }],
    reading: ["account", "amount"]
) { columns in (try StreamName(columns.next(String.self)), try columns.next(Int64.self)) }

func balanceProjection(
    _ store: PostgresEventStore, into readDatabase: PostgresClient, logger: Logger
) -> ProjectionRunner {
    let projection = PostgresProjection(
        "balances", [PostgresRowReadModel(Balances(), table: balances)], partitions: 4, in: readDatabase)
    let applied = PositionSignal()
    let runner = ProjectionRunner(
        reading: store, into: projection, appended: store.appended, applied: applied, logger: logger)
    return runner
}

func mailer(
    _ subscriptions: some SubscriptionStore, appended: PositionSignal, logger: Logger,
    mail: @escaping @Sendable (Withdrawn) async throws -> Void
) async throws -> SubscriptionConsumer {
    let filter = LogFilter(types: [try EventType("bank.account.withdrawn.v1")])
    let subscription = try Subscription(SubscriptionID("mailer"), on: .log(filter), from: .end)
    try await subscriptions.register(subscription)
    let consumer = SubscriptionConsumer(
        of: subscription, in: subscriptions, appended: appended, logger: logger
    ) { event, attempt in
        guard case .withdrawn(let withdrawal) = try Recorded<AccountEvent>(decoding: event)?.event else { return }
        try await mail(withdrawal)
    }
    return consumer
}

func notifications(
    into queue: some JobQueue, _ subscriptions: some SubscriptionStore, appended: PositionSignal, logger: Logger
) throws -> Relay {
    let withdrawals = LogFilter(types: [try EventType("bank.account.withdrawn.v1")])
    let route = JobRoute("notifications", for: withdrawals) { event in [Job(for: event)] }
    let sink = try QueueSink("queues", into: queue, routes: [route])
    let relay = try Relay(to: sink, in: subscriptions, appended: appended, logger: logger)
    return relay
}

@Suite struct ReadingSnippets {
    @Test func `projections: a row is the fold of the events that touch it`() async throws {
        let store = InMemoryEventStore()
        let stream = try StreamName("bank.account.v1-acme-4711")
        try await deposit(100, and: 20, to: stream, in: store)

        let records = try await store.readLog(after: .start, .forwards, limit: 100)
        let events = try records.compactMap { try Recorded<AccountEvent>(decoding: $0) }
        #expect(try Balances().fold(events, into: [:]) == [stream: 120])
    }

    @Test func `order: a reader goes on behind the last position that it has seen`() async throws {
        let store = InMemoryEventStore()
        let stream = try StreamName("bank.account.v1-acme-4711")
        try await deposit(100, and: 20, to: stream, in: store)

        var checkpoint = Position.start
        for try await event in store.log(after: checkpoint) {
            print(event.position, event.stream, event.type)
            checkpoint = event.position
        }
        #expect(checkpoint == Position(2))
    }

    @Test func `outbox: a relay names the job after the event`() throws {
        let store = InMemoryEventStore()
        let queue = InMemoryJobQueue()
        let relay = try notifications(
            into: queue, InMemorySubscriptionStore(on: store), appended: store.appended, logger: Logger(label: "docs"))
        #expect(relay.subscription.id == (try SubscriptionID("queues")))
    }

    private func deposit(
        _ amounts: Int, and more: Int, to stream: StreamName, in store: InMemoryEventStore
    ) async throws {
        let context = MessageContext(
            tenant: stream.tenant, correlationID: "request-1", source: "bank", now: Date())
        let accounts = AggregateStore<Account>(store)
        for amount in [amounts, more] {
            _ = try await accounts.transact(stream, in: context) { try $0.deposit(amount) }
        }
    }
}
