public import EventSourcing
import FoundationEssentials
public import Testing

/// What every ``EventStoreAdministration`` has to keep together with its store, as clauses; see ``EventStoreContract``.
public enum EventStoreAdministrationContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (ContractFixture, any EventStoreAdministration) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that store and administration do otherwise. The clause needs a store that
        /// nobody else archives.
        public func check(_ store: some EventStore, _ administration: some EventStoreAdministration) async throws {
            try await verify(ContractFixture(store: store), administration)
        }
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = redaction + archive + numbers + commands

    private static let redaction: [Clause] = [
        Clause(promise: "a redacted event keeps its place and loses its data") { fixture, administration in
            let stream = try fixture.stream()
            _ = try await fixture.store.append(fixture.events(3), to: stream, expecting: .noStream)
            let before = try await fixture.store.read(stream, from: nil, .forwards, limit: 9)
            let isNew = try await administration.redact(
                Revision(1), of: stream, reason: "asked for", in: fixture.context())
            #expect(isNew)
            let after = try await fixture.store.read(stream, from: nil, .forwards, limit: 9)
            #expect(after.map(\.isRedacted) == [false, true, false])
            #expect(after[1].data == .redacted)
            #expect(after.map(\.position) == before.map(\.position))
            #expect(after.map(\.id) == before.map(\.id))
            #expect(after[1].metadata == before[1].metadata)
        },
        Clause(promise: "a redaction is announced in the log with its reason and actor, once") {
            fixture, administration in
            let stream = try fixture.stream()
            let commit = try await fixture.store.append(fixture.events(1), to: stream, expecting: .noStream)
            for expected in [true, false] {
                let isNew = try await administration.redact(
                    .first, of: stream, reason: "asked for", in: fixture.context())
                #expect(isNew == expected)
            }
            let notices = try await fixture.log(after: commit.position)
            #expect(notices.count == 1)
            let record = try #require(notices.first)
            let notice = try #require(try Recorded<RedactionEvent>(decoding: record))
            guard case .redacted(let redacted) = notice.event else { return }
            #expect(redacted.stream == stream.rawValue)
            #expect(redacted.revision == 0)
            #expect(redacted.position == commit.position.rawValue)
            #expect(redacted.reason == "asked for")
            #expect(redacted.actor == User(id: "tester"))
        },
        Clause(promise: "what does not exist, or belongs to another tenant, is not redacted") {
            fixture, administration in
            let stream = try fixture.stream()
            _ = try await fixture.store.append(fixture.events(1), to: stream, expecting: .noStream)
            await #expect(throws: EventNotFound.self) {
                try await administration.redact(Revision(1), of: stream, reason: "-", in: fixture.context())
            }
            await #expect(throws: TenantMismatch.self) {
                try await administration.redact(
                    .first, of: stream, reason: "-", in: fixture.context(of: fixture.otherTenant))
            }
            let event = try await fixture.store.read(stream, from: nil, .forwards, limit: 1).first
            #expect(event?.isRedacted == false)
        },
        Clause(promise: "a repeated append finds its redacted events") { fixture, administration in
            let stream = try fixture.stream()
            let events = try fixture.events(2)
            let first = try await fixture.store.append(events, to: stream, expecting: .noStream)
            _ = try await administration.redact(.first, of: stream, reason: "-", in: fixture.context())
            let again = try await fixture.store.append(events, to: stream, expecting: .noStream)
            #expect(again == Commit(revision: first.revision, position: first.position, isRepetition: true))
        },
        Clause(promise: "an event is redacted by its id, in its tenant only") { fixture, administration in
            let id = UUID.v7()
            let commit = try await fixture.store.append(
                [fixture.event(), fixture.event(id: id)], to: fixture.stream(), expecting: .noStream)
            for (context, isKnown) in [(fixture.context(of: fixture.otherTenant), false), (fixture.context(), true)] {
                guard isKnown else {
                    await #expect(throws: EventNotFound.self) {
                        try await administration.redact(eventID: id, reason: "-", in: context)
                    }
                    continue
                }
                #expect(try await administration.redact(eventID: id, reason: "-", in: context))
                #expect(try await !administration.redact(eventID: id, reason: "-", in: context))
            }
            let found = try await fixture.store.events(withID: id, in: fixture.tenant)
            #expect(found.map(\.position) == [commit.position])
            #expect(found.map(\.isRedacted) == [true])
            #expect(try await administration.events(withID: id, in: fixture.tenant) == found)
        },
        Clause(promise: "redaction takes the tags of an event away, with what queries and conditions find") {
            fixture, administration in
            let (stream, tag) = (try fixture.stream(), try EventTag("subject:1"))
            let query = EventQuery(tags: [tag])
            let commit = try await fixture.store.append(
                [fixture.event(tags: "subject:1", "kept:1"), fixture.event(tags: "subject:1")], to: stream,
                expecting: .noStream)
            _ = try await administration.redact(.first, of: stream, reason: "-", in: fixture.context())
            let found = try await fixture.store.read(query, in: fixture.tenant, after: .start, limit: 9)
            #expect(found.events.map(\.position) == [commit.position])
            let kept = EventQuery(tags: [try EventTag("kept:1")])
            #expect(try await fixture.store.read(kept, in: fixture.tenant, after: .start, limit: 9).events.isEmpty)
            #expect(
                try await fixture.store.tags(
                    of: [commit.position, Position(commit.position.rawValue - 1)], in: fixture.tenant)
                    == [commit.position: [tag]])
            let part = StreamAppend([try fixture.event()], to: stream, expecting: .any)
            await #expect(throws: AppendConditionFailed(AppendCondition(noneOf: query), position: commit.position)) {
                try await fixture.store.append(Append([part], condition: AppendCondition(noneOf: query)))
            }
            _ = try await fixture.store.append(Append([part], condition: AppendCondition(noneOf: kept)))
        },
    ]

    private static let archive: [Clause] = [
        Clause(promise: "archived events are read, counted and appended after as before") { fixture, administration in
            let stream = try fixture.stream()
            let events = try fixture.events(5)
            let first = try await fixture.store.append(events, to: stream, expecting: .noStream)
            _ = try await fixture.store.append(fixture.events(2), to: fixture.stream("2"), expecting: .noStream)
            let (log, head) = (try await fixture.log(after: .start), try await fixture.store.head())
            let moved = try await administration.archive(before: Position(first.position.rawValue))
            #expect(moved == Int(first.position.rawValue) - 1)
            #expect(try await fixture.log(after: .start) == log)
            #expect(try await fixture.store.head() == head)
            let forwards = try await fixture.store.read(stream, from: Revision(2), .forwards, limit: 9)
            #expect(forwards.map(\.revision.rawValue) == [2, 3, 4])
            let backwards = try await fixture.store.read(stream, from: nil, .backwards, limit: 3)
            #expect(backwards.map(\.revision.rawValue) == [4, 3, 2])
            let ours = try await fixture.store.readLog(
                after: nil, .backwards, matching: LogFilter(tenant: fixture.tenant), limit: 99)
            #expect(ours == log.reversed())
            #expect(try await fixture.store.append(events, to: stream, expecting: .noStream).isRepetition)
            let next = try await fixture.store.append(fixture.events(1), to: stream, expecting: .exactly(Revision(4)))
            #expect(next.revision == Revision(5))
        },
        Clause(promise: "the last event stays, so that positions go on after everything was archived") {
            fixture, administration in
            let stream = try fixture.stream()
            let commit = try await fixture.store.append(fixture.events(3), to: stream, expecting: .noStream)
            _ = try await administration.archive(before: Position(commit.position.rawValue + 1_000))
            let next = try await fixture.store.append(fixture.events(1), to: stream, expecting: .exactly(Revision(2)))
            #expect(next.position.rawValue == commit.position.rawValue + 1)
        },
        Clause(promise: "a stream is restored from the archive") { fixture, administration in
            let stream = try fixture.stream()
            let commit = try await fixture.store.append(fixture.events(3), to: stream, expecting: .noStream)
            _ = try await fixture.store.append(fixture.events(1), to: fixture.stream("2"), expecting: .noStream)
            _ = try await administration.archive(before: Position(commit.position.rawValue + 1))
            #expect(try await administration.restore(stream) == 3)
            #expect(try await administration.restore(stream) == 0)
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 9).count == 3)
        },
        Clause(promise: "an archived event can be redacted") { fixture, administration in
            let stream = try fixture.stream()
            let commit = try await fixture.store.append(fixture.events(3), to: stream, expecting: .noStream)
            _ = try await administration.archive(before: commit.position)
            _ = try await administration.redact(.first, of: stream, reason: "-", in: fixture.context())
            let events = try await fixture.store.read(stream, from: nil, .forwards, limit: 9)
            #expect(events.map(\.isRedacted) == [true, false, false])
        },
    ]

    private static let numbers: [Clause] = [
        Clause(promise: "numbers stay through redaction and archive, and are counted on from") {
            fixture, administration in
            let stream = try fixture.stream()
            func append(expecting expected: ExpectedRevision) async throws -> Commit {
                let metadata = EventMetadata(
                    correlationID: "c", causationID: "c", source: "contract",
                    occurredAt: Date(timeIntervalSince1970: 1e9))
                let event = try fixture.event(in: "A", metadata: EventPayload(encoding: metadata))
                return try await fixture.store.append([event], to: stream, expecting: expected)
            }
            _ = try await append(expecting: .noStream)
            let second = try await append(expecting: .any)
            _ = try await administration.redact(.first, of: stream, reason: "-", in: fixture.context())
            _ = try await administration.archive(before: Position(second.position.rawValue + 1))
            _ = try await append(expecting: .any)
            _ = try await administration.restore(stream)
            _ = try await append(expecting: .any)
            let events = try await fixture.store.read(stream, from: nil, .forwards, limit: 9)
            #expect(events.map(\.isRedacted) == [true, false, false, false])
            #expect(events.map(\.number) == [1, 2, 3, 4])
        }
    ]

    private static let commands: [Clause] = [
        Clause(promise: "what was kept with a purged command is forgotten") { fixture, administration in
            let part = StreamAppend(asserting: try fixture.stream(), is: .noStream)
            for kept in [[1], [2]] as [[UInt8]] {
                let outcome = try await fixture.store.append(
                    Append([part], by: fixture.command("old"), outcome: kept))
                #expect(outcome.commandOutcome == kept)
                #expect(!outcome.isRepetition)
                #expect(try await administration.purgeCommands(handledBefore: Date.distantFuture) == 1)
            }
            #expect(try await fixture.store.handledCommand("old", in: fixture.tenant) == nil)
        },
        Clause(promise: "purged commands are handled again, younger ones are not") { fixture, administration in
            let command = try fixture.command("old")
            _ = try await fixture.store.append(fixture.events(1), to: fixture.stream(), expecting: .any, by: command)
            #expect(try await administration.purgeCommands(handledBefore: Date.distantPast) == 0)
            #expect(try await administration.purgeCommands(handledBefore: Date.distantFuture) == 1)
            let again = try await fixture.store.append(
                fixture.events(1), to: fixture.stream(), expecting: .any, by: command)
            #expect(!again.isRepetition)
        },
    ]
}
