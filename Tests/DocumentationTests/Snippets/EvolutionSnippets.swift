import EventSourcing
import FoundationEssentials
import ServiceLifecycleTestKit
import Testing

struct Paid: Codable, Hashable {
    let amount: Int
    let currency: String
}

enum PaymentEvent: DomainEvent, Hashable {
    case paid(Paid)

    enum Name: String, CaseIterable { case paid = "bank.payment.paid.v2" }

    static let upcasters = Upcasters(to: Name.self) {
        [
            Upcaster(
                from: try EventType("bank.payment.paid.v1"), to: try EventType("bank.payment.paid.v2"),
                editing: { members in try members.set("currency", to: "EUR") })
        ]
    }

    var name: Name { .paid }

    func encode() throws -> EventPayload {
        switch self {
        case .paid(let paid): try EventPayload(encoding: paid)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .paid: self = .paid(try payload.decode(Paid.self))
        }
    }
}

extension Account: Snapshottable {
    static let snapshotSchema = 1
}

struct Registered: Codable, Hashable {
    let customer: DataSubject
    let email: Personal<String>
}

@Suite struct EvolutionSnippets {
    @Test func `evolution: an event of an older shape reads as the present one`() async throws {
        let store = InMemoryEventStore()
        let stream = try StreamName("bank.payment.v1-acme-1")
        let old = NewEvent(
            id: UUID.v7(), type: try EventType("bank.payment.paid.v1"),
            data: EventPayload(bytes: Array(#"{"amount":5}"#.utf8)), metadata: EventPayload(bytes: Array("{}".utf8)))
        _ = try await store.append([old], to: stream, expecting: .noStream)

        let record = try #require(try await store.read(stream, from: nil, .forwards, limit: 1).first)
        let payment = try #require(try Recorded<PaymentEvent>(decoding: record))
        #expect(payment.event == .paid(Paid(amount: 5, currency: "EUR")))
    }

    @Test func `snapshots: a long stream is loaded from its snapshot`() async throws {
        let (store, snapshotStore) = (InMemoryEventStore(), InMemorySnapshotStore())
        let writer = SnapshotWriter(snapshotStore)
        let accounts = AggregateStore<Account>(
            store, snapshots: Snapshots(in: snapshotStore, policy: .events(100), writer: writer))
        // Run the writer with the other services: ServiceGroup(services: [writer, …], logger: logger)

        let stream = try StreamName("bank.account.v1-acme-4711")
        let context = MessageContext(tenant: stream.tenant, correlationID: "request-1", source: "bank", now: Date())
        for _ in 1...100 { _ = try await accounts.transact(stream, in: context) { try $0.deposit(1) } }
        await testGracefulShutdown { shutdown in
            shutdown.triggerGracefulShutdown()
            await writer.run()
        }
        #expect(try await snapshotStore.latest(of: stream)?.revision == Revision(99))
        #expect(try await accounts.load(stream).state.balance == 100)
    }

    @Test func `privacy: what is forgotten cannot be read again`() async throws {
        let keys = InMemorySubjectKeyStore()
        let vault = PersonalDataVault(keys)
        let store = SealingEventStore(InMemoryEventStore(), vault: vault)
        let acme = try TenantID("acme")
        let context = MessageContext(tenant: acme, correlationID: "request-1", source: "bank", now: Date())

        let alice = try DataSubject("0190a6e2")
        let registered = Registered(customer: alice, email: .known("alice@example.org", alice))
        let stream = try StreamName("bank.customer.v1-acme-\(alice)")
        let event = NewEvent(
            id: UUID.v7(), type: try EventType("bank.customer.registered.v1"),
            data: try EventPayload(encoding: registered), metadata: EventPayload(bytes: Array("{}".utf8)))
        _ = try await store.append([event], to: stream, expecting: .noStream)

        let erasure = PersonalDataErasure(vault, keys: keys, store: store)
        _ = try await erasure.forget(alice, reason: "asked on 3 May", in: context)
        let record = try #require(try await store.read(stream, from: nil, .forwards, limit: 1).first)
        #expect(try record.data.decode(Registered.self).email == .forgotten(alice))
    }
}
