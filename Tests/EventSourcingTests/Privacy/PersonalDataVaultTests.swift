import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Synchronization
import Testing

/// Key stores that count how often they are asked.
private final class CountingKeyStore: SubjectKeyStore {
    let base = InMemorySubjectKeyStore()
    private let counts = Mutex((stored: 0, lookedUp: 0))

    var counted: [Int] { counts.withLock { [$0.stored, $0.lookedUp] } }

    func key(orStoring candidate: SubjectKey) async throws -> SubjectKey {
        counts.withLock { $0.stored += 1 }
        return try await base.key(orStoring: candidate)
    }

    func keys(_ references: Set<SubjectKeyReference>) async throws -> [SubjectKeyReference: SubjectKeyState] {
        counts.withLock { $0.lookedUp += 1 }
        return try await base.keys(references)
    }
}

/// A clock that stands still until it is moved.
private final class HandClock: Sendable {
    private let time = Mutex(ContinuousClock.now)

    func now() -> ContinuousClock.Instant { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

@Suite(.timeLimit(.minutes(5))) struct PersonalDataVaultTests {
    private let sealing: Sealing
    private let place: SealBinding

    init() throws {
        sealing = try Sealing()
        place = SealBinding("a place", in: sealing.tenant)
    }

    private func payload(_ values: String...) throws -> EventPayload {
        try EventPayload(encoding: values.map { Personal.known($0, sealing.alice) })
    }

    @Test(arguments: SubjectKeyStoreContract.clauses)
    func `the keys in memory keep the contract`(_ clause: SubjectKeyStoreContract.Clause) async throws {
        let keys = InMemorySubjectKeyStore()
        try await clause.check(keys, keys)
    }

    @Test func `the same value is sealed differently each time`() async throws {
        let payload = try payload("secret")
        let sealed = [
            try await sealing.vault.seal(payload, for: place), try await sealing.vault.seal(payload, for: place),
        ]
        #expect(sealed[0] != sealed[1])
    }

    @Test func `what is sealed opens in no other event, stream, tenant or place`() async throws {
        let id = UUID()
        let binding = SealBinding(event: id, of: try sealing.stream())
        let sealed = try await sealing.vault.seal(try payload("secret"), for: binding)
        #expect(try await sealing.vault.open(sealed, for: binding).text.contains("secret"))
        let others = [
            SealBinding(event: UUID(), of: try sealing.stream()),
            SealBinding(event: id, of: try sealing.stream("2")), place,
        ]
        for other in others {
            await #expect(throws: BrokenSeal.self) { try await sealing.vault.open(sealed, for: other) }
        }
        let elsewhere = SealBinding("a place", in: try TenantID("other"))
        let error = try await #require(throws: BrokenSeal.self) {
            try await sealing.vault.open(sealed, for: elsewhere)
        }
        #expect(error.reason == .unknownKey)
    }

    @Test func `two sealed members of one payload cannot change places`() async throws {
        let sealed = try await sealing.vault.seal(try payload("one", "two"), for: place).text
        let members = sealed.dropFirst().dropLast().split(separator: "},").map { $0.hasSuffix("}}") ? $0 : $0 + "}" }
        #expect("[\(members.joined(separator: ","))]" == sealed)
        let swapped = EventPayload("[\(members.reversed().joined(separator: ","))]")
        let error = try await #require(throws: BrokenSeal.self) {
            try await sealing.vault.open(swapped, for: place)
        }
        #expect(error.reason == .notAuthentic)
    }

    @Test func `every change of the sealed text is noticed, and the error says where`() async throws {
        let stream = try sealing.stream()
        let event = try sealing.event(Registered(.known("alice@example.org", sealing.alice)))
        let binding = SealBinding(event: event.id, of: stream)
        let sealed = try await sealing.vault.seal(event.data, for: binding)
        let data = try #require(sealed.text.firstRange(of: #""data":""#)).upperBound
        let changes: [(String, BrokenSeal.Reason)] = [
            (sealed.text.replacing("alice-1", with: "bob-2"), .notAuthentic),
            (sealed.text.replacing(#""key":""#, with: #""key":"x"#), .malformed),
            (sealed.text.replacing(#""data":"#, with: #""date":"#), .malformed),
            (changing(sealed.text, at: data), .notAuthentic),
            (String(sealed.text.dropLast()), .malformed),
        ]
        for (text, reason) in changes {
            let store = SealingEventStore(InMemoryEventStore(), vault: sealing.vault)
            let tampered = NewEvent(id: event.id, type: event.type, data: EventPayload(text), metadata: event.metadata)
            _ = try await store.base.append([tampered], to: stream, expecting: .any)
            let error = try await #require(throws: BrokenSeal.self) {
                try await store.read(stream, from: nil, .forwards, limit: 1)
            }
            #expect(error.reason == reason)
            #expect(error.place == binding)
            #expect(error.position == Position(1))
            #expect(error.description.hasPrefix("event \(event.id) of stream \(stream) at position 1: "))
        }
    }

    private func changing(_ text: String, at index: String.Index) -> String {
        var text = text
        text.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
        return text
    }

    @Test func `the keys of a page are looked up at once, and then known for a while`() async throws {
        let (keys, clock) = (CountingKeyStore(), HandClock())
        let stream = try sealing.stream()
        let writer = SealingEventStore(InMemoryEventStore(), vault: PersonalDataVault(keys))
        for number in 0..<5 {
            let subject = try DataSubject("person-\(number)")
            _ = try await writer.append(
                [sealing.event(Registered(.known("x", subject)))], to: stream, expecting: .any)
        }
        #expect(keys.counted == [5, 0])
        let vault = PersonalDataVault(keys, maximumKeyAge: .seconds(10), now: clock.now)
        let reader = SealingEventStore(writer.base, vault: vault)
        for _ in 0..<3 { #expect(try await reader.read(stream, from: nil, .forwards, limit: 10).count == 5) }
        #expect(keys.counted == [5, 1])
        clock.advance(by: .seconds(10))
        _ = try await reader.read(stream, from: nil, .forwards, limit: 10)
        #expect(keys.counted == [5, 2])
    }

    @Test func `a cache that is too small costs look-ups and nothing else`() async throws {
        let keys = CountingKeyStore()
        let vault = PersonalDataVault(keys, cachedKeys: 2)
        let subjects = try (0..<6).map { try DataSubject("person-\($0)") }
        for _ in 0..<2 {
            for subject in subjects {
                let payload = try EventPayload(encoding: Personal.known("x", subject))
                let sealed = try await vault.seal(payload, for: place)
                #expect(try await vault.open(sealed, for: place).decode(Personal<String>.self) == .known("x", subject))
            }
        }
        #expect(keys.counted[0] == 12)
    }

    @Test func `master keys encrypt what is stored, and can be exchanged`() async throws {
        let (old, new) = (try KeyEncryptionKey(bytes: Data(repeating: 1, count: 32)), try newMasterKey())
        let sealed = try await PersonalDataVault(sealing.keys, masterKeys: [old]).seal(payload("secret"), for: place)
        let both = PersonalDataVault(sealing.keys, masterKeys: [new, old])
        #expect(try await both.open(sealed, for: place).text.contains("secret"))
        for masterKeys in [[], [new]] {
            let vault = PersonalDataVault(sealing.keys, masterKeys: masterKeys)
            let error = try await #require(throws: UnusableSubjectKey.self) { try await vault.open(sealed, for: place) }
            #expect(error.reason == .masterKeyMissing)
        }
        #expect(throws: InvalidKeyEncryptionKey.self) { try KeyEncryptionKey(base64: "c2hvcnQ=") }
    }

    private func newMasterKey() throws -> KeyEncryptionKey {
        try KeyEncryptionKey(base64: Data(repeating: 2, count: 32).base64EncodedString())
    }

    @Test func `a wrapped key cannot stand in for that of another subject`() async throws {
        let masterKeys = [try newMasterKey()]
        let payload = try payload("secret")
        _ = try await PersonalDataVault(sealing.keys, masterKeys: masterKeys).seal(payload, for: place)
        let known = try await sealing.keys.key(
            orStoring: SubjectKey(
                id: SubjectKeyID(UUID()), tenant: sealing.tenant, subject: sealing.alice, material: []))
        // A version, the key encryption key's id, a nonce, the key and a tag.
        #expect(known.material.count == 69)
        let others = InMemorySubjectKeyStore()
        _ = try await others.key(
            orStoring: SubjectKey(
                id: known.id, tenant: known.tenant, subject: sealing.bob, material: known.material))
        let vault = PersonalDataVault(others, masterKeys: masterKeys)
        let error = try await #require(throws: UnusableSubjectKey.self) {
            try await vault.seal(EventPayload(encoding: Personal.known("x", sealing.bob)), for: place)
        }
        #expect(error.reason == .damaged)
    }

    @Test func `keys do not show in what is printed`() async throws {
        let key = SubjectKey(
            id: SubjectKeyID(UUID()), tenant: sealing.tenant, subject: sealing.alice, material: [211, 212, 213])
        let master = try newMasterKey()
        var dumped = ""
        dump(key, to: &dumped)
        dump(master, to: &dumped)
        for text in ["\(key)", String(reflecting: key), "\(master)", String(reflecting: master), dumped] {
            #expect(!text.contains("212") && !text.contains("material") && !text.contains("SymmetricKey"))
        }
    }

    @Test func `snapshots keep personal data sealed, and forget it`() async throws {
        let snapshots = InMemorySnapshotStore()
        let store = SealingSnapshotStore(snapshots, vault: sealing.vault)
        let stream = try sealing.stream()
        let snapshot = Snapshot(
            stream: stream, schema: 1, revision: Revision(3), position: Position(9), eventID: UUID(),
            state: try payload("secret"), takenAt: sealing.context.now)
        try await store.save(snapshot)
        #expect(try await snapshots.latest(of: stream)?.state.text.contains("secret") == false)
        let state = try #require(try await store.latest(of: stream)).state
        #expect(try state.decode([Personal<String>].self) == [.known("secret", sealing.alice)])
        _ = try await sealing.erasure.forget(sealing.alice, reason: "asked", in: sealing.context)
        let forgotten = try #require(try await store.latest(of: stream)).state
        #expect(try forgotten.decode([Personal<String>].self) == [.forgotten(sealing.alice)])
    }
}
