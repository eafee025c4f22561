import EventSourcing
import FoundationEssentials

/// What is kept with a command that has a key, so that it is answered as the first time whenever it comes again.
///
/// Of a success only the time is kept, for the rest of the answer follows from the events. Nothing follows from a
/// refusal, so that it is kept as it was told.
enum KeptOutcome: Hashable {
    case decided(at: Date)
    /// As a ``Invoicing/RefusalWriting`` has written it.
    case refused([UInt8])

    /// The kind in one byte; then the time, in seconds since 1970 as a big-endian IEEE 754 number, or the refusal.
    var bytes: [UInt8] {
        switch self {
        case .decided(let time):
            withUnsafeBytes(of: time.timeIntervalSince1970.bitPattern.bigEndian) { [Self.decision] + $0 }
        case .refused(let refusal): [Self.refusal] + refusal
        }
    }

    /// - Throws: ``UnreadableOutcome`` when it was kept by something else, or by a later version of it.
    init(_ bytes: [UInt8]?, of command: CommandKey) throws(UnreadableOutcome) {
        let content = bytes?.dropFirst() ?? []
        switch bytes?.first {
        case Self.decision where content.count == 8:
            let seconds = Double(bitPattern: content.reduce(0) { $0 << 8 | UInt64($1) })
            self = .decided(at: Date(timeIntervalSince1970: seconds))
        case Self.refusal:
            self = .refused(Array(content))
        default:
            throw UnreadableOutcome(commandID: command.id)
        }
    }

    private static let decision: UInt8 = 0
    private static let refusal: UInt8 = 1
}

/// A command was refused, and the refusal is kept with it.
package struct KeptRefusal: Error, Hashable, Sendable {
    /// As it was written by the ``Invoicing/RefusalWriting`` of the first time.
    package let refusal: [UInt8]
    /// True when it had been refused before.
    package let isRepetition: Bool
}

/// What is kept with a command is nothing that this program has written.
struct UnreadableOutcome: CategorizedError, Hashable, CustomStringConvertible {
    var category: ErrorCategory { .poison }

    let commandID: String

    var description: String { "the outcome of command \"\(commandID)\" is not one that this program can read" }
}
