package import EventSourcing
import FoundationEssentials

/// The appends of one of several writers, which follow from a seed, so that a test can make them again.
///
/// A writer has a stream of its own, of which it knows the revision, and shares others. None of its appends is refused
/// if each was done once before the next.
package struct Writer: Sendable {
    private var random: SplitMix64
    private let own: StreamName
    private let shared: [StreamName]
    private var ownRevision: Revision?

    /// - Parameter round: names the streams: each round has new ones.
    package init(seed: UInt64, round: Int, number: Int) throws {
        random = SplitMix64(seed: seed &+ UInt64(round * 1_000 + number))
        own = try StreamName("faults.own.v1-t-\(round).\(number)")
        shared = try (0..<4).map { try StreamName("faults.shared.v1-t-\(round).\($0)") }
    }

    /// What some of the events of all writers are numbered in.
    private static let sequence = Result { try SequenceName("faults") }

    package mutating func next() throws -> Append {
        let before = ExpectedRevision(lastRead: ownRevision)
        let (one, other) = (Int.random(in: 0..<2, using: &random), Int.random(in: 2..<4, using: &random))
        let parts =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: [StreamAppend(try events(), to: own, expecting: before)]
            case 1: [StreamAppend(try events(), to: shared[one], expecting: .any)]
            case 2:
                [
                    StreamAppend(try events(), to: own, expecting: before),
                    StreamAppend(try events(), to: shared[one], expecting: .any),
                ]
            default:
                [
                    StreamAppend(asserting: own, is: before),
                    StreamAppend(try events(), to: shared[one], expecting: .any),
                    StreamAppend(try events(), to: shared[other], expecting: .any),
                ]
            }
        let count = parts.first { $0.stream == own }?.events.count ?? 0
        if count > 0 { ownRevision = Revision((ownRevision?.rawValue ?? -1) + Int64(count)) }
        return Append(parts, by: random.chance(50) ? try command() : nil)
    }

    /// The same append as one that was never made: with other ids.
    package mutating func renewed(_ append: Append) throws -> Append {
        let parts = try append.streams.map { part in
            StreamAppend(try part.events.map { _ in try event() }, to: part.stream, expecting: part.expected)
        }
        return Append(parts, by: append.command == nil ? nil : try command())
    }

    private mutating func events() throws -> [NewEvent] {
        try (0..<Int.random(in: 1...3, using: &random)).map { _ in try event() }
    }

    private mutating func event() throws -> NewEvent {
        NewEvent(
            id: .v7(at: Date(timeIntervalSince1970: 1e9), using: &random), type: try EventType("faults.thing.done.v1"),
            data: EventPayload(bytes: Array("{}".utf8)), metadata: EventPayload(bytes: Array("{}".utf8)),
            sequence: random.chance(30) ? try Self.sequence.get() : nil)
    }

    private mutating func command() throws -> CommandKey {
        try CommandKey(id: String(random.next(), radix: 36), requestHash: [1, 2, 3])
    }
}
