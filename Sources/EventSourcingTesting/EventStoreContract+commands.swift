import EventSourcing
import Testing

extension EventStoreContract {
    static let commands: [Clause] = [
        Clause(promise: "a command that comes again is answered with its first outcome") { fixture in
            let stream = try fixture.stream()
            let command = try fixture.command("pay-1")
            let first = try await fixture.store.append(
                fixture.events(2), to: stream, expecting: .noStream, by: command)
            _ = try await fixture.store.append(fixture.events(1), to: stream, expecting: .any)
            let again = try await fixture.store.append(
                fixture.events(2), to: stream, expecting: .noStream, by: command)
            #expect(again == Commit(revision: first.revision, position: first.position, isRepetition: true))
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 9).count == 3)
        },
        Clause(promise: "an id that is used for another request is refused, and nothing is written") { fixture in
            let stream = try fixture.stream()
            _ = try await fixture.store.append(
                fixture.events(1), to: stream, expecting: .any, by: fixture.command("pay-1"))
            await #expect(throws: CommandIDReused(commandID: "pay-1")) {
                try await fixture.store.append(
                    fixture.events(1), to: stream, expecting: .any, by: fixture.command("pay-1", asking: 2))
            }
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 9).count == 1)
        },
        Clause(promise: "the outcome of a command can be looked up, in its tenant only") { fixture in
            let stream = try fixture.stream()
            let command = try fixture.command("pay-1")
            #expect(try await fixture.store.handledCommand("pay-1", in: fixture.tenant) == nil)
            let commit = try await fixture.store.append(
                fixture.events(2), to: stream, expecting: .noStream, by: command)
            let handled = try #require(try await fixture.store.handledCommand("pay-1", in: fixture.tenant))
            #expect(handled.key == command)
            #expect(handled.outcome == AppendOutcome(revisions: [stream: Revision(1)], position: commit.position))
            #expect(try await fixture.store.handledCommand("pay-1", in: fixture.otherTenant) == nil)
        },
        Clause(promise: "the same command id in two tenants is two commands") { fixture in
            for tenant in [fixture.tenant, fixture.otherTenant] {
                let commit = try await fixture.store.append(
                    fixture.events(1), to: fixture.stream(of: tenant), expecting: .noStream,
                    by: fixture.command("pay-1"))
                #expect(!commit.isRepetition)
            }
        },
        Clause(promise: "a refused append leaves its command unhandled") { fixture in
            let stream = try fixture.stream()
            await #expect(throws: WrongExpectedRevision.self) {
                try await fixture.store.append(
                    fixture.events(1), to: stream, expecting: .streamExists, by: fixture.command("pay-1"))
            }
            #expect(try await fixture.store.handledCommand("pay-1", in: fixture.tenant) == nil)
        },
        Clause(promise: "a command that decides nothing is kept as well") { fixture in
            let stream = try fixture.stream()
            let commit = try await fixture.store.append(fixture.events(1), to: stream, expecting: .noStream)
            let append = Append(
                [StreamAppend(asserting: stream, is: .exactly(.first))], by: try fixture.command("nothing"))
            let outcome = try await fixture.store.append(append)
            #expect(outcome.revisions == [stream: .first])
            #expect(outcome.position >= commit.position)
            #expect(try await fixture.store.append(append).isRepetition)
        },
        Clause(promise: "of many senders of one command, one handles it and all have the same outcome") { fixture in
            let stream = try fixture.stream()
            let outcomes = try await withThrowingTaskGroup(of: Commit.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await fixture.store.append(
                            fixture.events(1), to: stream, expecting: .any, by: fixture.command("once"))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(outcomes.map(\.position)).count == 1)
            #expect(outcomes.count { !$0.isRepetition } == 1)
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 9).count == 1)
        },
    ]
}
