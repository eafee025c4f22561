public import EventSourcing
import FoundationEssentials
import Synchronization
import Testing

/// A run of several consumers at random on one group: slow, failing, dying, forgetful ones, as a seed determines. What
/// they saw is checked against what a subscription promises:
///
/// - every event is handled at least once,
/// - the first successful handling of each stream's events is in their order,
/// - at the end everything is settled, and nothing is left.
public struct SubscriptionHistory: Sendable {
    /// How many consumers compete.
    public var consumers = 4
    /// How many streams the events are divided among.
    public var streams = 8
    /// How many events are appended.
    public var events = 120
    /// Determines everything that happens.
    public let seed: UInt64

    private final class Record: Sendable {
        struct State {
            var handled: [StreamName: [Int64]] = [:]
        }
        let state = Mutex(State())
    }

    /// A history of this seed.
    public init(seed: UInt64) { self.seed = seed }

    /// Appends, consumes until everything is settled, and records an issue for every broken promise.
    ///
    /// - Parameter stores: by turns what the consumers call, each as if in a process of its own.
    public func run(
        on stores: [any SubscriptionStore], administration: any SubscriptionAdministration, events store: any EventStore
    ) async throws {
        let fixture = try SubscriptionFixture(events: store, store: stores[0], administration: administration)
        try await register(fixture)
        let record = Record()
        try await withThrowingTaskGroup { group in
            group.addTask {
                var random = SeededGenerator(seed: seed)
                for _ in 0..<events { try await fixture.append(["s\(Int.random(in: 0..<streams, using: &random))"]) }
            }
            for number in 0..<consumers {
                group.addTask {
                    try await consume(number, from: stores[number % stores.count], fixture, into: record)
                }
            }
            try await group.waitForAll()
        }
        let info = try await administration.info(fixture.id)
        #expect(info.settled == Int64(events), "seed \(seed)")
        #expect((info.inFlight, info.waiting, info.retrying, info.parked, info.held) == (0, 0, 0, 0, 0), "seed \(seed)")
        let handled = record.state.withLock { $0.handled }
        #expect(handled.values.reduce(0) { $0 + $1.count } == events, "seed \(seed)")
        for (stream, revisions) in handled {
            #expect(revisions == Array(0..<Int64(revisions.count)), "seed \(seed): \(stream)")
        }
    }

    /// Until it succeeds: somebody may be cutting the connections.
    private func register(_ fixture: SubscriptionFixture) async throws {
        while !Task.isCancelled {
            do {
                return try await fixture.register { settings in
                    settings.bufferSize = 30
                    settings.maxAttempts = 4
                    settings.messageTimeout = .milliseconds(300)
                    settings.retryDelays = [.zero, .milliseconds(3)]
                }
            } catch {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    /// One consumer after another, each with a name of its own, until everything is settled.
    private func consume(
        _ number: Int, from store: any SubscriptionStore, _ fixture: SubscriptionFixture, into record: Record
    ) async throws {
        var random = SeededGenerator(seed: seed &* 31 &+ UInt64(number))
        var (life, settlements, isUnsure) = (0, [SubscriptionSettlement](), false)
        while true {
            let consumer = "\(number).\(life)"
            let answer: SubscriptionHandout
            do {
                answer = try await store.exchange(
                    SubscriptionExchange(
                        consumer: consumer, settlements: settlements, limit: Int.random(in: 1...20, using: &random),
                        holding: isUnsure ? [] : nil), in: fixture.id)
            } catch {
                // A lost connection: the settlements are handed in again, unless the consumer dies of it.
                isUnsure = true
                try await Task.sleep(for: .milliseconds(5))
                continue
            }
            (settlements, isUnsure) = ([], false)
            if answer.deliveries.isEmpty {
                if try await isDone(fixture) { return }
                try await Task.sleep(for: .milliseconds(2))
                continue
            }
            // Dies with everything in hand, or loses the answer.
            switch Int.random(in: 0..<30, using: &random) {
            case 0:
                life += 1
                continue
            case 1:
                isUnsure = true
                continue
            default:
                settlements = work(through: answer.deliveries, as: consumer, &random, into: record)
            }
        }
    }

    /// Each stream in its order, up to its first failure.
    private func work(
        through deliveries: [SubscriptionDelivery], as consumer: String, _ random: inout SeededGenerator,
        into record: Record
    ) -> [SubscriptionSettlement] {
        var (failed, settlements) = (Set<StreamName>(), [SubscriptionSettlement]())
        for delivery in deliveries where !failed.contains(delivery.event.stream) {
            let verdict: SubscriptionVerdict =
                switch Int.random(in: 0..<20, using: &random) {
                case 0: .park(reason: "seed")
                case 1, 2: .retry(reason: "seed")
                default: .acknowledge
                }
            settlements.append(delivery.settled(verdict))
            guard verdict == .acknowledge else {
                failed.insert(delivery.event.stream)
                continue
            }
            record.state.withLock { state in
                let revision = delivery.event.revision.rawValue
                if !state.handled[delivery.event.stream, default: []].contains(revision) {
                    state.handled[delivery.event.stream, default: []].append(revision)
                }
            }
        }
        return settlements.shuffled(using: &random)
    }

    /// Replays what is parked, and tells whether there is nothing left to do.
    private func isDone(_ fixture: SubscriptionFixture) async throws -> Bool {
        guard let info = try? await fixture.info() else { return false }
        if info.parked > 0 { _ = try? await fixture.administration.replay(.all, in: fixture.id) }
        return info.settled == Int64(events)
    }
}
