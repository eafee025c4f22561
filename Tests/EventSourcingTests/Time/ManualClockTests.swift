import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) final class ManualClockTests: Sendable {
    private let clock = ManualClock(at: Date(timeIntervalSince1970: 1_000))
    private let awoken = Mutex<[String]>([])

    /// Sleeps once for each name, and notes the names of those that have slept.
    private func sleeping(_ sleeps: [(name: String, Duration)], _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for (index, sleep) in sleeps.enumerated() {
                group.addTask {
                    try await self.clock.sleep(for: sleep.1)
                    self.awoken.withLock { $0.append(sleep.name) }
                }
                try await clock.timers(index + 1)
            }
            try await body()
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result { #expect(error is CancellationError) }
            }
        }
    }

    private func awoken(_ names: Set<String>) async throws {
        while awoken.withLock({ Set($0) }) != names { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func `time passes only when it is told to, and the time of day with it`() {
        #expect(clock.now.elapsed == .zero && clock.date == Date(timeIntervalSince1970: 1_000))
        clock.advance(by: .seconds(90))
        #expect(clock.now.elapsed == .seconds(90) && clock.date == Date(timeIntervalSince1970: 1_090))
        #expect(clock.time.now() == clock.date)
    }

    @Test func `setting the time of day lets no time pass`() {
        clock.advance(by: .seconds(5))
        clock.date = Date(timeIntervalSince1970: 50)
        #expect(clock.now.elapsed == .seconds(5) && clock.date == Date(timeIntervalSince1970: 50))
        clock.advance(by: .seconds(5))
        #expect(clock.date == Date(timeIntervalSince1970: 55))
    }

    @Test func `those whose time has come are awoken, and the others sleep on`() async throws {
        try await sleeping([("day", .seconds(86_400)), ("second", .seconds(1)), ("minute", .seconds(60))]) {
            clock.advance(by: .seconds(59))
            try await awoken(["second"])
            clock.advance(by: .seconds(1))
            try await awoken(["second", "minute"])
            #expect(clock.nextTimer?.elapsed == .seconds(86_400))
        }
        #expect(awoken.withLock(\.self) == ["second", "minute"])
    }

    @Test func `the next timer is met exactly`() async throws {
        try await sleeping([("day", .seconds(86_400)), ("minute", .seconds(60))]) {
            #expect(clock.advanceToNextTimer())
            #expect(clock.now.elapsed == .seconds(60))
            try await awoken(["minute"])
            #expect(clock.advanceToNextTimer())
            #expect(clock.now.elapsed == .seconds(86_400))
            try await awoken(["minute", "day"])
            #expect(!clock.advanceToNextTimer())
        }
    }

    @Test func `who is cancelled sleeps no longer, and leaves no timer`() async throws {
        let sleeper = Task { try await clock.sleep(for: .seconds(1)) }
        try await clock.timers(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.nextTimer == nil)
    }

    @Test func `a pause grows with the failures up to its limit`() {
        let pauses = [1, 2, 3, 8, 9].map { clock.time.backoff(afterFailures: $0, atMost: .seconds(5)) }
        #expect(pauses == [.milliseconds(50), .milliseconds(100), .milliseconds(200), .seconds(5), .seconds(5)])
        let system = (0..<100).map { _ in ServiceClock.system.backoff(afterFailures: 1, atMost: .seconds(5)) }
        #expect(system.allSatisfy { (.milliseconds(25)...(.milliseconds(50))).contains($0) } && Set(system).count > 1)
    }
}
