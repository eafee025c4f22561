import Testing

@testable import EventSourcing

@Suite(.timeLimit(.minutes(5))) struct PositionSignalTests {
    @Test func `a position that is reached already does not wait`() async throws {
        let signal = PositionSignal(at: Position(5))
        #expect(try await signal.wait(until: Position(5), atMost: .zero))
    }

    @Test func `waiting ends when the position is announced`() async throws {
        let signal = PositionSignal()
        async let isReached = signal.wait(until: Position(3), atMost: .seconds(50))
        signal.advance(to: Position(2))
        signal.advance(to: Position(4))
        #expect(try await isReached)
    }

    @Test func `waiting ends after the time-out when nothing is announced`() async throws {
        let signal = PositionSignal(at: Position(1))
        #expect(try await signal.wait(until: Position(2), atMost: .milliseconds(1)) == false)
    }

    @Test func `a position never goes back`() {
        let signal = PositionSignal(at: Position(5))
        signal.advance(to: Position(2))
        #expect(signal.position == Position(5))
    }

    @Test func `what is invalidated has to be announced again`() async throws {
        let signal = PositionSignal(at: Position(5))
        signal.invalidate()
        #expect(signal.position == .start)
        async let isReached = signal.wait(until: Position(3), atMost: .seconds(50))
        signal.advance(to: Position(3))
        #expect(try await isReached)
        #expect(signal.position == Position(3))
    }

    @Test func `every invalidation is counted`() {
        let signal = PositionSignal()
        let before = signal.invalidations.position
        signal.invalidate()
        signal.invalidate()
        #expect(signal.invalidations.position == Position(before.rawValue + 2))
    }

    @Test func `a cancelled task stops waiting`() async {
        let signal = PositionSignal()
        let waiting = Task { try await signal.wait(until: Position(1), atMost: .seconds(50)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test func `a thousand waiters each wake at their position`() async throws {
        let signal = PositionSignal()
        try await withThrowingTaskGroup { group in
            for number in 1...1_000 {
                group.addTask {
                    let isReached = try await signal.wait(until: Position(Int64(number)), atMost: .seconds(50))
                    #expect(isReached)
                    #expect(signal.position >= Position(Int64(number)))
                }
            }
            for number in 1...1_000 { signal.advance(to: Position(Int64(number))) }
            try await group.waitForAll()
        }
    }

    @Test func `a wait ends at its deadline, although one with a later deadline came before it`() async throws {
        let signal = PositionSignal()
        let ended = try await withThrowingTaskGroup(of: Int.self) { group in
            for milliseconds in [3_600_000, 200, 100] {
                group.addTask {
                    let isReached = try await signal.wait(until: Position(1), atMost: .milliseconds(milliseconds))
                    return isReached ? 0 : milliseconds
                }
            }
            defer { group.cancelAll() }
            return [try await group.next(), try await group.next()]
        }
        #expect(Set(ended) == [100, 200])
    }

    @Test func `a wait is interrupted, and one that was interrupted before it began ends at once`() async throws {
        let signal = PositionSignal()
        let interruption = WaitInterruption()
        interruption.raise()
        #expect(try await signal.wait(until: Position(1), unless: interruption) == false)
        let waits = signal.waits
        async let isReached = signal.wait(until: Position(1), unless: interruption)
        #expect(try await waits.wait(until: Position(1), atMost: .seconds(50)))
        interruption.raise()
        #expect(try await isReached == false)
        async let isReachedLater = signal.wait(until: Position(1), unless: interruption)
        signal.advance(to: Position(1))
        #expect(try await isReachedLater)
    }
}
