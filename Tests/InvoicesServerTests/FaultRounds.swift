import Foundation
import LibPQ
import PostgresTesting
import RedisTesting
import Testing

/// The way of an event from the log to its effect, while everything on the way is killed at random moments.
@Suite(.timeLimit(.minutes(20))) struct FaultRounds {
    /// How often something is killed; `make test-faults` asks for more.
    private static let rounds = environment("FAULT_ROUNDS").flatMap { Int($0) } ?? 6
    private static let seed = environment("FAULT_SEED").flatMap { UInt64($0) } ?? 20_261_127

    @Test func `every event is published in the order of its stream, and has its effect once`() async throws {
        try await NotificationReceiver.running { receiver, url in
            try await FaultRig.running(notifying: url) { rig in
                try await rig.redis.run("HSET", "bull:notification:meta", "opts.maxLenEvents", "1000000")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let budget = WriteBudget(atMost: 1_000)
                    for _ in 0..<4 { group.addTask { while budget.goesOn { await rig.write(budget) } } }
                    var random = SeededGenerator(seed: Self.seed)
                    var victims: [FaultRig.Victim] = []
                    for _ in 0..<Self.rounds {
                        if victims.isEmpty { victims = FaultRig.Victim.allCases.shuffled(using: &random) }
                        try await rig.strike(
                            victims.removeLast(), after: .milliseconds(Int.random(in: 0...800, using: &random)),
                            back: .milliseconds(Int.random(in: 0...500, using: &random)))
                    }
                    budget.end()
                    try await group.waitForAll()
                }
                let log = try await rig.notifiedEvents()
                #expect(log.count >= Self.rounds * 2, "too little happened to tell anything")
                try await rig.waitUntilCompleted(log.count)
                try await audit(log, rig, receiver)
            }
        }
    }

    private func audit(_ log: [LoggedEvent], _ rig: FaultRig, _ receiver: NotificationReceiver) async throws {
        let seed = Comment("seed \(Self.seed), rounds \(Self.rounds)")
        let ids = Set(log.map(\.id))
        let added = try await rig.redis.addedJobs(of: "notification")
        #expect(Set(added) == ids, seed)
        #expect(added.count == ids.count, "a job was added twice; \(seed)")
        #expect(Set(try await rig.redis.run("ZRANGE", "bull:notification:completed", "0", "-1")) == ids, seed)
        #expect(try await rig.redis.run("ZCARD", "bull:notification:failed") == ["0"], seed)
        // The order of publishing is that of each stream.
        let positions = Dictionary(uniqueKeysWithValues: log.map { ($0.id, $0) })
        var last: [String: Int64] = [:]
        for event in added.compactMap({ positions[$0] }) {
            #expect(last[event.stream, default: 0] < event.position, seed)
            last[event.stream] = event.position
        }
        // One effect for each event: the receiver tells what comes again by its key.
        #expect(Set(receiver.counts.keys) == ids, seed)
        #expect(try await rig.parkedMessages() == 0, seed)
    }

    private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}

/// An event of the log that is to be notified of.
struct LoggedEvent: Sendable {
    let position: Int64
    let stream: String
    let id: String
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension TestRedis {
    /// The ids of the jobs that were added, in that order, by the queue's stream of events.
    fileprivate func addedJobs(of queue: String) async throws -> [String] {
        // Each entry is its id, then names and values in turn: event added jobId … name ….
        let lines = try await run("XRANGE", "bull:\(queue):events", "-", "+")
        return lines.indices.compactMap { index in
            guard lines[index] == "event", index + 3 < lines.count, lines[index + 1] == "added",
                lines[index + 2] == "jobId"
            else { return nil }
            return lines[index + 3]
        }
    }
}
