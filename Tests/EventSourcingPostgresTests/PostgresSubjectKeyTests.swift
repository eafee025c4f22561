import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

private struct Registered: Codable, Hashable {
    let email: Personal<String>
    var others: [Personal<String>] = []
    var price = "$5"
}

/// All of it over one database, each part with the role that it has in a service.
private struct Privacy {
    let owner: PostgresClient
    let base: PostgresEventStore
    let vault: PersonalDataVault
    let store: SealingEventStore<PostgresEventStore>
    let administration: PostgresSubjectKeyAdministration
    let erasure: PersonalDataErasure
    let alice: DataSubject
    let stream: StreamName

    init(owner: PostgresClient, service: PostgresClient, administrator: PostgresClient) throws {
        self.owner = owner
        base = PostgresEventStore(service, appended: PositionSignal())
        vault = PersonalDataVault(PostgresSubjectKeyStore(service), maximumKeyAge: .seconds(3600))
        store = SealingEventStore(base, vault: vault)
        administration = PostgresSubjectKeyAdministration(administrator)
        erasure = PersonalDataErasure(vault, keys: administration, store: store)
        alice = try DataSubject("alice-1")
        stream = try StreamName("tests.customer.v1-acme-1")
    }

    func register(_ registered: Registered) async throws {
        let event = try NewEvent(
            id: .v7(), type: EventType("tests.customer.registered.v1"), data: EventPayload(encoding: registered),
            metadata: EventPayload(bytes: Array("{}".utf8)))
        _ = try await store.append([event], to: stream, expecting: .any)
    }

    func read() async throws -> [Registered] {
        try await store.read(stream, from: nil, .forwards, limit: 100).map { try $0.data.decode(Registered.self) }
    }

    func forget() async throws -> SubjectTombstone {
        let context = MessageContext(
            tenant: stream.tenant, correlationID: "c-1", user: User(id: "clerk"), source: "tests",
            now: Date(timeIntervalSince1970: 1_750_000_000))
        return try await erasure.forget(alice, reason: "asked", in: context)
    }

    /// Whether any row of the event store's tables holds the bytes, as they are or as text.
    func isStored(_ bytes: [UInt8]) async throws -> Bool {
        var found = false
        for table in ["events", "archived_events", "subject_keys", "commands"] {
            let rows = try await owner.query(
                PostgresStatement(
                    """
                    select coalesce(bool_or(
                        position(encode($1, 'hex') in r::text) > 0
                        or position(encode($1, 'escape') in r::text) > 0
                        or position(encode($1, 'base64') in r::text) > 0), false)
                    from event_store.\(table) r
                    """), bytes)
            found = try rows[0].decode(Bool.self) || found
        }
        return found
    }

    func storedKey() async throws -> [UInt8]? {
        let rows = try await owner.query("select key from event_store.subject_keys where subject = 'alice-1'")
        return try rows.first?.decode([UInt8]?.self)
    }
}

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresSubjectKeyTests {
    private func withPrivacy(_ body: (Privacy) async throws -> Void) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { administrator in
                    try await body(Privacy(owner: owner, service: service, administrator: administrator))
                }
            }
        }
    }

    @Test(arguments: SubjectKeyStoreContract.clauses)
    func `the keys in PostgreSQL keep the contract`(_ clause: SubjectKeyStoreContract.Clause) async throws {
        try await withDatabase(migrations: "event_store") { _ in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { administrator in
                    try await clause.check(
                        PostgresSubjectKeyStore(service), PostgresSubjectKeyAdministration(administrator))
                }
            }
        }
    }

    @Test(arguments: EventStoreContract.clauses)
    func `a sealing store over PostgreSQL keeps the contract`(_ clause: EventStoreContract.Clause) async throws {
        try await withPrivacy { try await clause.check($0.store) }
    }

    @Test func `the tables never hold personal data in plain, nor the key once it was forgotten`() async throws {
        try await withPrivacy { privacy in
            let registered = Registered(email: .known("alice@example.org", privacy.alice))
            try await privacy.register(registered)
            #expect(try await privacy.read() == [registered])
            #expect(try await !privacy.isStored(Array("alice@example.org".utf8)))
            let key = try #require(try await privacy.storedKey())
            #expect(try await privacy.isStored(key))

            _ = try await privacy.forget()
            #expect(try await privacy.read() == [Registered(email: .forgotten(privacy.alice))])
            #expect(try await privacy.storedKey() == nil)
            #expect(try await !privacy.isStored(key))
            await #expect(throws: SubjectForgotten(privacy.alice, in: privacy.stream.tenant)) {
                try await privacy.register(registered)
            }
        }
    }

    @Test func `forgetting leaves a tombstone and tells the readers once`() async throws {
        try await withPrivacy { privacy in
            try await privacy.register(Registered(email: .known("alice@example.org", privacy.alice)))
            let first = try await privacy.forget()
            #expect(try await privacy.forget() == first)
            #expect(first.notice == .appended(Position(2)))
            let notices = try await privacy.store.readLog(after: Position(1), .forwards, limit: 10)
            #expect(notices.map(\.stream.rawValue) == ["privacy.subject.v1-acme-alice-1"])
            let recorded = try #require(try Recorded<SubjectEvent>(decoding: notices[0]))
            #expect(
                recorded.event
                    == .forgotten(
                        ForgottenSubject(
                            subject: privacy.alice, reason: "asked", actor: "clerk", at: first.destroyedAt)))
            let rows = try await privacy.owner.query(
                "select num_nonnulls(key, notice_id, notice_data, notice_metadata), reason, actor from event_store.subject_keys"
            )
            let (left, reason, actor) = try rows[0].decode(Int32.self, String.self, String.self)
            #expect((left, reason, actor) == (0, "asked", "clerk"))
        }
    }

    @Test func `people see what is sealed and what is forgotten`() async throws {
        try await withPrivacy { privacy in
            let bob = try DataSubject("bob-2")
            try await privacy.register(
                Registered(email: .known("alice@example.org", privacy.alice), others: [.known("b", bob)]))
            let shown = PostgresStatement("select data::text from event_store.events_json where position = 1")
            #expect(
                try await privacy.owner.query(shown)[0].decode(String.self)
                    == #"{"email": "[sealed: alice-1]", "price": "$5", "others": ["[sealed: bob-2]"]}"#)
            _ = try await privacy.forget()
            #expect(
                try await privacy.owner.query(shown)[0].decode(String.self)
                    == #"{"email": "[forgotten: alice-1]", "price": "$5", "others": ["[sealed: bob-2]"]}"#)
        }
    }

    @Test func `the service cannot read the table of keys, the administrator cannot read keys`() async throws {
        try await withPrivacy { privacy in
            let selecting = PostgresStatement("select key from event_store.subject_keys")
            for role in [PostgresEventStore.serviceRole, PostgresEventStoreAdministration.role] {
                try await withClient(configure: { $0.role = role }) { client in
                    await #expect { try await client.query(selecting) } throws: {
                        SQLState.insufficientPrivilege ~= $0
                    }
                }
            }
            try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { client in
                let keys = PostgresSubjectKeyStore(client)
                let reference = SubjectKeyReference(id: SubjectKeyID(UUID()), tenant: privacy.stream.tenant)
                await #expect { try await keys.keys([reference]) } throws: { SQLState.insufficientPrivilege ~= $0 }
            }
        }
    }
}
