import EventSourcing
import EventSourcingTesting
import FoundationEssentials

struct Address: Codable, Hashable {
    let street: String
    let city: String
}

struct Registered: Codable, Hashable {
    let number: Int
    let email: Personal<String>
    let address: Personal<Address>?
    let remarks: [Personal<String>]

    init(_ email: Personal<String>, address: Personal<Address>? = nil, remarks: [Personal<String>] = []) {
        number = 1
        self.email = email
        self.address = address
        self.remarks = remarks
    }
}

enum PatientEvent: DomainEvent, Hashable {
    case registered(Registered)

    enum Name: String, CaseIterable { case registered = "tests.patient.registered.v1" }

    var name: Name { .registered }

    func encode() throws -> EventPayload {
        switch self {
        case .registered(let registered): try EventPayload(encoding: registered)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .registered: self = .registered(try payload.decode(Registered.self))
        }
    }
}

/// The last e-mail address of a patient.
struct Patient: EventSourced, Hashable {
    private(set) var email: Personal<String>?

    mutating func evolve(_ event: PatientEvent) {
        switch event {
        case .registered(let registered): email = registered.email
        }
    }
}

/// A sealing store in memory with all that belongs to it.
struct Sealing {
    let tenant: TenantID
    let alice: DataSubject
    let bob: DataSubject
    let base = InMemoryEventStore()
    let keys = InMemorySubjectKeyStore()
    let vault: PersonalDataVault
    let store: SealingEventStore<InMemoryEventStore>
    let erasure: PersonalDataErasure

    init() throws {
        tenant = try TenantID("acme")
        alice = try DataSubject("alice-1")
        bob = try DataSubject("bob-2")
        vault = PersonalDataVault(keys)
        store = SealingEventStore(base, vault: vault)
        erasure = PersonalDataErasure(vault, keys: keys, store: store)
    }

    var context: MessageContext {
        MessageContext(
            tenant: tenant, correlationID: "c-1", user: User(id: "clerk"), source: "tests",
            now: Date(timeIntervalSince1970: 1_750_000_000))
    }

    func stream(_ entityID: String = "1") throws -> StreamName {
        try StreamName("tests.patient.v1-acme-\(entityID)")
    }

    func event(_ registered: Registered) throws -> NewEvent {
        try event(EventPayload(encoding: registered))
    }

    func event(_ data: EventPayload) throws -> NewEvent {
        try NewEvent(
            id: .v7(), type: EventType("tests.patient.registered.v1"), data: data,
            metadata: EventPayload(encoding: metadata))
    }

    private var metadata: EventMetadata {
        EventMetadata(correlationID: "c-1", causationID: "c-1", source: "tests", occurredAt: context.now)
    }
}

extension EventPayload {
    init(_ text: String) { self.init(bytes: Array(text.utf8)) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
