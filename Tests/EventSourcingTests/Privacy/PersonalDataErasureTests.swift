import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Testing

/// A store that fails as often as it is told to, before it appends.
private struct FailingStore: ForwardingEventStore {
    struct Failure: Error {}

    let base: InMemoryEventStore
    let failures: Counting

    func append(_ append: Append) async throws -> AppendOutcome {
        if failures.countDown() { throw Failure() }
        return try await base.append(append)
    }
}

/// Keys that do not take note of what was appended, as if the process had ended before.
private struct ForgetfulAdministration: SubjectKeyAdministration {
    let base: InMemorySubjectKeyStore

    func destroyKey(leaving tombstone: SubjectTombstone) async throws -> SubjectTombstone {
        try await base.destroyKey(leaving: tombstone)
    }

    func pendingNotices(limit: Int) async throws -> [SubjectTombstone] { try await base.pendingNotices(limit: limit) }

    func noticeAppended(_ tombstone: SubjectTombstone, at position: Position) async throws {
        throw FailingStore.Failure()
    }
}

@Suite(.timeLimit(.minutes(5))) struct PersonalDataErasureTests {
    private let sealing: Sealing

    init() throws { sealing = try Sealing() }

    private func forget(by erasure: PersonalDataErasure, reason: String = "asked") async throws -> SubjectTombstone {
        try await erasure.forget(sealing.alice, reason: reason, in: sealing.context)
    }

    private func register() async throws {
        let registered = Registered(.known("alice@example.org", sealing.alice))
        _ = try await sealing.store.append([sealing.event(registered)], to: sealing.stream(), expecting: .any)
    }

    private func email() async throws -> Personal<String>? {
        let read = try await sealing.store.read(sealing.stream(), from: nil, .backwards, limit: 1)
        return try read.first?.data.decode(Registered.self).email
    }

    @Test func `forgetting is told once, in the subject's own stream`() async throws {
        try await register()
        let first = try await forget(by: sealing.erasure)
        #expect(first.notice == .appended(Position(2)))
        #expect(try await forget(by: sealing.erasure, reason: "again") == first)
        #expect(try await sealing.base.head() == Position(2))
        let stream = try SubjectEvent.stream(of: sealing.alice, in: sealing.tenant)
        #expect(stream.rawValue == "privacy.subject.v1-acme-alice-1")
        let events = try await sealing.store.read(stream, from: nil, .forwards, limit: 10)
        let recorded = try #require(try Recorded<SubjectEvent>(decoding: events[0]))
        let expected = ForgottenSubject(
            subject: sealing.alice, reason: "asked", actor: "clerk", at: sealing.context.now)
        #expect(recorded.event == .forgotten(expected))
        #expect(try recorded.record.decodeMetadata().user?.id == "clerk")
    }

    @Test func `the stored form of the notice is frozen`() throws {
        let stored = EventPayload(
            #"{"actor":"clerk","at":"2025-06-15T15:06:40Z","reason":"asked","subject":"alice-1"}"#)
        let event = SubjectEvent.forgotten(
            ForgottenSubject(subject: sealing.alice, reason: "asked", actor: "clerk", at: sealing.context.now))
        #expect(try event.encode() == stored)
        #expect(try SubjectEvent(.forgotten, from: stored) == event)
    }

    @Test func `this process forgets at once, another one when its keys have aged`() async throws {
        try await register()
        let here = PersonalDataVault(sealing.keys, maximumKeyAge: .seconds(86_400))
        let there = PersonalDataVault(sealing.keys, maximumKeyAge: .zero)
        let (hereStore, thereStore) = (
            SealingEventStore(sealing.base, vault: here), SealingEventStore(sealing.base, vault: there)
        )
        for store in [hereStore, thereStore] {
            #expect(try await store.readLog(after: nil, .forwards, limit: 1)[0].data.text.contains("alice@example"))
        }
        _ = try await forget(by: PersonalDataErasure(here, keys: sealing.keys, store: sealing.base))
        for store in [hereStore, thereStore] {
            let read = try await store.readLog(after: nil, .forwards, limit: 1)
            #expect(try read[0].data.decode(Registered.self).email == .forgotten(sealing.alice))
        }
    }

    @Test func `when the notice cannot be appended, the key is destroyed and the notice comes later`() async throws {
        try await register()
        let store = FailingStore(base: sealing.base, failures: Counting(from: 1))
        let erasure = PersonalDataErasure(sealing.vault, keys: sealing.keys, store: store)
        await #expect(throws: FailingStore.Failure.self) { try await forget(by: erasure) }
        #expect(try await email() == .forgotten(sealing.alice))
        #expect(try await sealing.base.head() == Position(1))
        #expect(try await erasure.resumePendingNotices() == 1)
        #expect(try await erasure.resumePendingNotices() == 0)
        #expect(try await sealing.base.head() == Position(2))
        #expect(try await forget(by: erasure).notice == .appended(Position(2)))
    }

    @Test func `a notice that was appended before a crash is not appended again`() async throws {
        let crashing = PersonalDataErasure(
            sealing.vault, keys: ForgetfulAdministration(base: sealing.keys), store: sealing.store)
        await #expect(throws: FailingStore.Failure.self) { try await forget(by: crashing) }
        #expect(try await sealing.base.head() == Position(1))
        #expect(try await sealing.erasure.resumePendingNotices() == 1)
        #expect(try await sealing.base.head() == Position(1))
        #expect(try await forget(by: sealing.erasure).notice == .appended(Position(1)))
    }
}
