import EventSourcing
import Synchronization
import Testing

@testable import EventSourcingPostgres

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
        let group = AppendBatcher(AppendQueue(limits: limits(inFlight: 2))) { batch in
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
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch in
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
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch in
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
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch in
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

    @Test func `a caller who leads a batch stays with it when it is cancelled`() async throws {
        let gate = Gate()
        let group = AppendBatcher(AppendQueue(limits: limits())) { batch in
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
