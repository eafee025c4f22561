import EventSourcing
import Synchronization
import Testing

@testable import EventSourcingPostgres
@testable import LibPQ

private typealias AppendBatcher = Batcher<AppendQueue<BatchWaiter<Append, AppendOutcome>>, AppendOutcome>

/// The batches of a group commit, held back until a test lets them go.
private final class Gate: Sendable {
    private let arrivals: AsyncStream<Int>
    private let announce: AsyncStream<Int>.Continuation
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

    init() { (arrivals, announce) = AsyncStream.makeStream() }

    /// Called by the commit of a batch: waits until it is let go.
    func pass(_ batch: Int) async {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0.append(continuation) }
            announce.yield(batch)
        }
    }

    /// Waits until a batch has come; tells its size.
    func arrival() async -> Int? { await arrivals.first { _ in true } }

    func letGo() { waiting.withLock { $0.removeFirst() }.resume() }
}

@Suite(.timeLimit(.minutes(5))) struct GroupCommitTests {
    private func append(to entity: Int) throws -> Append {
        Append([
            StreamAppend(
                asserting: try StreamName("tests.thing.v1-core-\(entity)"), is: .exactly(Revision(Int64(entity))))
        ])
    }

    private func limits(inFlight: Int = 1) -> AppendLimits.Batches {
        var limits = AppendLimits.Batches()
        limits.inFlight = inFlight
        return limits
    }

    /// Answers each append with the revision that it expects, so that mixed up outcomes show.
    private func outcomes(_ batch: [Append]) -> [Result<AppendOutcome, any Error>] {
        batch.map { append in
            guard case .exactly(let revision) = append.streams[0].expected else {
                fatalError("the tests expect revisions")
            }
            return .success(
                AppendOutcome(revisions: [append.streams[0].stream: revision], position: Position(revision.rawValue)))
        }
    }

    @Test func `every one of many callers gets its own outcome, in fewer batches than callers`() async throws {
        let batches = Mutex(0)
        let group = AppendBatcher(AppendQueue(limits: limits(inFlight: 2))) { batch, _ in
            batches.withLock { $0 += 1 }
            await Task.yield()
            return outcomes(batch)
        }
        try await withThrowingTaskGroup { tasks in
            for entity in 0..<500 {
                tasks.addTask {
                    let outcome = try await group(append(to: entity))
                    #expect(outcome.position == Position(Int64(entity)))
                }
            }
            try await tasks.waitForAll()
        }
        #expect(batches.withLock { $0 } < 500)
    }

    @Test func `what comes while a batch is in flight goes together into the next`() async throws {
        let gate = Gate()
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch, _ in
            await gate.pass(batch.count)
            return outcomes(batch)
        }
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { _ = try await group(append(to: 0)) }
            #expect(await gate.arrival() == 1)
            for entity in 1...5 { tasks.addTask { _ = try await group(append(to: entity)) } }
            while group.waitingCount < 5 { await Task.yield() }
            gate.letGo()
            #expect(await gate.arrival() == 5)
            gate.letGo()
            try await tasks.waitForAll()
        }
    }

    @Test func `a batch that fails fails its callers, and the next one goes on`() async throws {
        let failures = Mutex(1)
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch, _ in
            let fails = failures.withLock { left in
                left -= 1
                return left >= 0
            }
            if fails { throw StoreOverloaded() }
            return outcomes(batch)
        }
        await #expect(throws: StoreOverloaded.self) { try await group(append(to: 1)) }
        #expect(try await group(append(to: 2)).position == Position(2))
    }

    @Test func `a cancelled caller leaves the queue, and its neighbours stay`() async throws {
        let gate = Gate()
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch, _ in
            await gate.pass(batch.count)
            return outcomes(batch)
        }
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { _ = try await group(append(to: 0)) }
            #expect(await gate.arrival() == 1)
            let cancelled = Task { try await group(append(to: 1)) }
            tasks.addTask { _ = try await group(append(to: 2)) }
            while group.waitingCount < 2 { await Task.yield() }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            gate.letGo()
            #expect(await gate.arrival() == 1)
            gate.letGo()
            try await tasks.waitForAll()
        }
    }

    @Test func `a caller who has waited too long leaves the queue, and its item is never run`() async throws {
        let gate = Gate()
        let items = Mutex<[ExpectedRevision]>([])
        let group = AppendBatcher(AppendQueue(limits: limits()), timeout: .milliseconds(300)) { batch, _ in
            items.withLock { $0 += batch.map(\.streams[0].expected) }
            await gate.pass(batch.count)
            return outcomes(batch)
        }
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { _ = try await group(append(to: 0)) }
            #expect(await gate.arrival() == 1)
            for entity in 1...3 {
                tasks.addTask {
                    await #expect(throws: StoreTimedOut.self) { try await group(append(to: entity)) }
                }
            }
            for _ in 1...3 { try await tasks.next() }
            gate.letGo()
            try await tasks.waitForAll()
        }
        #expect(items.withLock { $0 } == [.exactly(Revision(0))])
    }

    /// A batch that does nothing until it is interrupted, or let go.
    private func blocked(
        by gate: Gate, _ batch: [Append], _ bounds: BatchBounds
    ) async throws
        -> [Result<AppendOutcome, any Error>]
    {
        let isInterrupted = Mutex(false)
        bounds.interruption.arm {
            isInterrupted.withLock { $0 = true }
            gate.letGo()
        }
        await gate.pass(batch.count)
        bounds.interruption.arm(nil)
        if isInterrupted.withLock(\.self) { throw BatchGivenUp(underlying: CancellationError()) }
        return outcomes(batch)
    }

    @Test(arguments: [1, 2, 3]) func `a batch under way goes on without a caller who has left it`(
        cancelled: Int
    ) async throws {
        let gate = Gate()
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch, bounds in
            try await blocked(by: gate, batch, bounds)
        }
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { _ = try await group(append(to: 0)) }
            #expect(await gate.arrival() == 1)
            var callers: [Task<AppendOutcome, any Error>] = []
            for entity in 1...3 {
                callers.append(Task { try await group(append(to: entity)) })
                while group.waitingCount < entity { await Task.yield() }
            }
            gate.letGo()
            #expect(await gate.arrival() == 3)
            callers[cancelled - 1].cancel()
            await #expect(throws: CancellationError.self) { try await callers[cancelled - 1].value }
            #expect(await gate.arrival() == 2)
            gate.letGo()
            for entity in 1...3 where entity != cancelled {
                #expect(try await callers[entity - 1].value.position == Position(Int64(entity)))
            }
            try await tasks.waitForAll()
        }
    }

    @Test func `a batch whose callers have waited too long is given up, and they are told so then`() async throws {
        let gate = Gate()
        let group = AppendBatcher(AppendQueue(limits: limits()), timeout: .seconds(1)) { batch, bounds in
            try await blocked(by: gate, batch, bounds)
        }
        await #expect(throws: StoreTimedOut.self) { try await group(append(to: 1)) }
        #expect(await gate.arrival() == 1)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { _ = try await group(append(to: 2)) }
            #expect(await gate.arrival() == 1)
            gate.letGo()
            try await tasks.waitForAll()
        }
    }

    @Test func `a batch that is given up for no reason of its callers is tried again, and not for ever`() async throws {
        let attempts = Mutex(0)
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch, _ in
            let attempt = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            guard attempt == 3 else { throw BatchGivenUp(underlying: CancellationError()) }
            return outcomes(batch)
        }
        #expect(try await group(append(to: 1)).position == Position(1))
        await #expect(throws: StoreTimedOut.self) { try await group(append(to: 2)) }
        #expect(attempts.withLock { $0 } == 6)
    }

    @Test func `a caller who leads a batch stays with it when it is cancelled`() async throws {
        let gate = Gate()
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch, _ in
            await gate.pass(batch.count)
            return outcomes(batch)
        }
        let leader = Task { try await group(append(to: 1)) }
        #expect(await gate.arrival() == 1)
        leader.cancel()
        gate.letGo()
        #expect(try await leader.value.position == Position(1))
    }
}
