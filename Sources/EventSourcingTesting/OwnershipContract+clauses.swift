import EventSourcing
import FoundationEssentials
import Testing

extension OwnershipContract {
    static let exclusion: [Clause] = [
        Clause(promise: "what the body answers is the answer") { fixture in
            let answer = try await fixture.first.own(fixture.resource) { 42 }
            #expect(answer == 42)
        },
        Clause(promise: "of many who want a resource one at a time owns it, and each gets it") { fixture in
            let journal = Journal()
            try await withThrowingTaskGroup { group in
                for number in 0..<8 {
                    let ownership = number.isMultiple(of: 2) ? fixture.first : fixture.second
                    group.addTask {
                        try await ownership.own(fixture.resource) {
                            journal.note("begin")
                            for _ in 0..<50 { await Task.yield() }
                            journal.note("end")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(journal.notes == (0..<8).flatMap { _ in ["begin", "end"] })
        },
        Clause(promise: "another resource is free") { fixture in
            try await fixture.first.own(fixture.resource) {
                try await fixture.second.own("\(fixture.resource), another") {}
            }
        },
        Clause(promise: "who waits for a resource owns it when its owner is done") { fixture in
            let (isOwned, isDone) = (Milestone(), Milestone())
            let journal = Journal()
            async let first: Void = fixture.first.own(fixture.resource) {
                isOwned.reach()
                await isDone.wait()
                journal.note("first")
            }
            await isOwned.wait()
            async let second: Void = fixture.second.own(fixture.resource) {
                journal.note("second")
            }
            isDone.reach()
            _ = try await (first, second)
            #expect(journal.notes == ["first", "second"])
        },
    ]

    static let endings: [Clause] = [
        Clause(promise: "the body's error is thrown, and the resource is free again") { fixture in
            await #expect(throws: BodyFailed.self) {
                try await fixture.first.own(fixture.resource) { throw BodyFailed() }
            }
            try await fixture.second.own(fixture.resource) {}
        },
        Clause(promise: "a cancelled owner's body is cancelled, and the resource is free again") { fixture in
            let isOwned = Milestone()
            let owner = Task {
                try await fixture.first.own(fixture.resource) {
                    isOwned.reach()
                    await Milestone().wait()
                    try Task.checkCancellation()
                }
            }
            await isOwned.wait()
            owner.cancel()
            await #expect(throws: CancellationError.self) { try await owner.value }
            try await fixture.second.own(fixture.resource) {}
        },
        Clause(promise: "who waits and is cancelled never owns") { fixture in
            try await fixture.first.own(fixture.resource) {
                let candidate = Task { try await fixture.second.own(fixture.resource) { Issue.record("it owns") } }
                candidate.cancel()
                await #expect(throws: CancellationError.self) { try await candidate.value }
            }
            try await fixture.second.own(fixture.resource) {}
        },
        Clause(promise: "an owner who loses the resource is cancelled and told so; the next one gets it") { fixture in
            let isOwned = Milestone()
            let owner = Task {
                try await fixture.first.own(fixture.resource) {
                    isOwned.reach()
                    await Milestone().wait()
                    #expect(Task.isCancelled)
                }
            }
            await isOwned.wait()
            async let second: Void = fixture.second.own(fixture.resource) {}
            try await fixture.revoke()
            await #expect(throws: OwnershipLost(of: fixture.resource)) { try await owner.value }
            try await second
        },
        Clause(promise: "who lost a resource can own it again") { fixture in
            for _ in 0..<2 {
                await #expect(throws: OwnershipLost(of: fixture.resource)) {
                    try await fixture.first.own(fixture.resource) {
                        try await fixture.revoke()
                        await Milestone().wait()
                    }
                }
            }
            try await fixture.first.own(fixture.resource) {}
        },
    ]
}
