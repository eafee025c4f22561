import EventSourcing
import Testing

extension EventStoreContract {
    static let outcomes: [Clause] = [
        Clause(promise: "what is kept with a command is given back when it comes again") { fixture in
            let stream = try fixture.stream()
            for (number, kept) in [nil, [], [0, 255, 34, 92], [UInt8](repeating: 7, count: 64 << 10)].enumerated() {
                let command = try fixture.command("c\(number)")
                let part = StreamAppend(try fixture.events(1), to: stream, expecting: .any)
                let first = try await fixture.store.append(Append([part], by: command, outcome: kept))
                #expect(first.commandOutcome == kept)
                #expect(!first.isRepetition)
                let handled = try await fixture.store.handledCommand(command.id, in: fixture.tenant)
                let stored = AppendOutcome(
                    revisions: first.revisions, position: first.position, commandOutcome: kept)
                #expect(handled == HandledCommand(key: command, outcome: stored))
                let other = StreamAppend(try fixture.events(1), to: stream, expecting: .any)
                let again = try await fixture.store.append(Append([other], by: command, outcome: [1]))
                #expect(
                    again
                        == AppendOutcome(
                            revisions: first.revisions, position: first.position, isRepetition: true,
                            commandOutcome: kept))
            }
        },
        Clause(promise: "a refusal is kept by an append that only asserts, and writes no event") { fixture in
            let (full, empty) = (try fixture.stream("full"), try fixture.stream("empty"))
            let commit = try await fixture.store.append(fixture.events(2), to: full, expecting: .noStream)
            let refusal = Append(
                [
                    StreamAppend(asserting: full, is: .exactly(Revision(1))),
                    StreamAppend(asserting: empty, is: .noStream),
                ],
                by: try fixture.command("refused"), outcome: [1, 2])
            let first = try await fixture.store.append(refusal)
            #expect(first.revisions == [full: Revision(1)])
            #expect(first.position >= commit.position)
            #expect(try await fixture.log(after: commit.position).isEmpty)
            _ = try await fixture.store.append(fixture.events(1), to: full, expecting: .any)
            let again = try await fixture.store.append(refusal)
            #expect(again.isRepetition)
            #expect(again.commandOutcome == [1, 2])
            #expect(again.revisions == [full: Revision(1)])
            #expect(again.position == first.position)
        },
        Clause(promise: "a refusal that was decided on an older revision is not kept") { fixture in
            let stream = try fixture.stream()
            _ = try await fixture.store.append(fixture.events(2), to: stream, expecting: .noStream)
            let refusal = Append(
                [StreamAppend(asserting: stream, is: .exactly(.first))], by: try fixture.command("refused"),
                outcome: [1])
            await #expect(
                throws: WrongExpectedRevision(stream: stream, expected: .exactly(.first), actual: Revision(1))
            ) {
                try await fixture.store.append(refusal)
            }
            #expect(try await fixture.store.handledCommand("refused", in: fixture.tenant) == nil)
        },
        Clause(promise: "what another request kept under the same id is not told") { fixture in
            let stream = try fixture.stream()
            let part = StreamAppend(asserting: stream, is: .noStream)
            _ = try await fixture.store.append(Append([part], by: try fixture.command("c"), outcome: [1]))
            await #expect(throws: CommandIDReused(commandID: "c")) {
                try await fixture.store.append(Append([part], by: fixture.command("c", asking: 2), outcome: [1]))
            }
        },
        Clause(promise: "of many senders of one command, all are told what one of them kept") { fixture in
            let stream = try fixture.stream()
            let told = try await withThrowingTaskGroup(of: AppendOutcome.self) { group in
                for sender in 0..<20 {
                    group.addTask {
                        let part = StreamAppend(try fixture.events(1), to: stream, expecting: .any)
                        return try await fixture.store.append(
                            Append([part], by: fixture.command("once"), outcome: [UInt8(sender)]))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(told.map(\.commandOutcome)).count == 1)
            #expect(told.count { !$0.isRepetition } == 1)
        },
        Clause(promise: "an outcome that is too large, or has no command, is rejected") { fixture in
            let stream = try fixture.stream()
            let part = StreamAppend(try fixture.events(1), to: stream, expecting: .any)
            let limit = AppendLimits().outcomeSize
            await #expect(
                throws: AppendRejected(stream: stream, reason: .outcomeTooLarge(size: limit + 1, limit: limit))
            ) {
                let large = [UInt8](repeating: 0, count: limit + 1)
                return try await fixture.store.append(Append([part], by: fixture.command("c"), outcome: large))
            }
            await #expect(throws: AppendRejected(stream: stream, reason: .outcomeWithoutCommand)) {
                try await fixture.store.append(Append([part], outcome: []))
            }
            #expect(try await fixture.store.handledCommand("c", in: fixture.tenant) == nil)
        },
    ]
}
