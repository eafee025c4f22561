import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Testing

@Suite(.timeLimit(.minutes(5))) struct SealingEventStoreTests {
    let sealing: Sealing

    init() throws { sealing = try Sealing() }

    @Test(arguments: EventStoreContract.clauses)
    func `a sealing store keeps the contract of event stores`(_ clause: EventStoreContract.Clause) async throws {
        try await clause.check(sealing.store)
    }

    @Test func `personal data reads as it was written, and is stored sealed`() async throws {
        let registered = Registered(
            .known("alice@example.org", sealing.alice),
            address: .known(Address(street: "Main Street 1", city: "Springfield"), sealing.alice),
            remarks: [.known("friend of Alice", sealing.bob), .forgotten(sealing.alice)])
        let stream = try sealing.stream()
        _ = try await sealing.store.append([sealing.event(registered)], to: stream, expecting: .noStream)
        let read = try await sealing.store.read(stream, from: nil, .forwards, limit: 10)
        #expect(try read.map { try $0.data.decode(Registered.self) } == [registered])
        let log = try await sealing.store.readLog(after: nil, .backwards, limit: 10)
        #expect(log == read)
        let stored = try await sealing.base.read(stream, from: nil, .forwards, limit: 10)[0].data.text
        for secret in ["example.org", "Main Street", "Springfield", "friend", "witness", "$personal"] {
            #expect(!stored.contains(secret))
        }
        #expect(stored.contains(#"{"$sealed":{"subject":"alice-1","key":""#))
        #expect(stored.contains(#""remarks":[{"$sealed":{"subject":"bob-2","#))
        #expect(stored.contains(#"{"$forgotten":{"subject":"alice-1"}}]"#))
    }

    @Test func `aggregates and their decisions need not know of sealing`() async throws {
        let patients = AggregateStore<Patient>(sealing.store)
        let stream = try sealing.stream()
        let email = Personal.known("alice@example.org", sealing.alice)
        _ = try await patients.transact(stream, in: sealing.context) { _ in [.registered(Registered(email))] }
        #expect(try await patients.load(stream).state.email == email)
        _ = try await sealing.erasure.forget(sealing.alice, reason: "asked", in: sealing.context)
        #expect(try await patients.load(stream).state.email == .forgotten(sealing.alice))
    }

    @Test(arguments: [
        #"{}"#, #"{"price":"$5","note":"see \"$sealed\": there"}"#, #"{"a":"$sealed","b":["$personal"]}"#,
        #"{"$ref":"x"}"#, "not \"$json", "", #"{"redacted": false}"#,
    ])
    func `bytes without a marker pass untouched`(_ text: String) async throws {
        let stream = try sealing.stream()
        _ = try await sealing.store.append([sealing.event(EventPayload(text))], to: stream, expecting: .noStream)
        #expect(try await sealing.base.read(stream, from: nil, .forwards, limit: 1)[0].data.text == text)
        #expect(try await sealing.store.read(stream, from: nil, .forwards, limit: 1)[0].data.text == text)
    }

    @Test func `a key that was destroyed after an append does not hide its outcome from who repeats it`() async throws {
        let stream = try sealing.stream()
        let event = try sealing.event(Registered(.known("alice@example.org", sealing.alice)))
        let first = try await sealing.store.append([event], to: stream, expecting: .noStream)
        _ = try await sealing.erasure.forget(sealing.alice, reason: "asked", in: sealing.context)
        let again = try await sealing.store.append([event], to: stream, expecting: .noStream)
        #expect(again == Commit(revision: first.revision, position: first.position, isRepetition: true))
        let other = try sealing.event(Registered(.known("alice@example.org", sealing.alice)))
        await #expect(throws: SubjectForgotten(sealing.alice, in: sealing.tenant)) {
            try await sealing.store.append([other], to: stream, expecting: .any)
        }
        #expect(try await sealing.base.read(stream, from: nil, .forwards, limit: 9).map(\.data.text.isEmpty) == [false])
    }

    @Test func `the subjects of one event are forgotten one by one`() async throws {
        let stream = try sealing.stream()
        let registered = Registered(
            .known("alice@example.org", sealing.alice), remarks: [.known("likes Alice", sealing.bob)])
        _ = try await sealing.store.append([sealing.event(registered)], to: stream, expecting: .noStream)
        _ = try await sealing.erasure.forget(sealing.alice, reason: "asked", in: sealing.context)
        let read = try await sealing.store.read(stream, from: nil, .forwards, limit: 1)
        #expect(
            try read[0].data.decode(Registered.self)
                == Registered(.forgotten(sealing.alice), remarks: [.known("likes Alice", sealing.bob)]))
    }
}
