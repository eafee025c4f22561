import EventSourcing
import FoundationEssentials
import InvoicesDomain

/// What is kept with a command that has a key, so that it is answered as the first time whenever it comes again.
///
/// Of a success only what does not follow from the events is kept. Nothing follows from a refusal, so that it is kept as
/// it was told.
enum RecordedOutcome: Hashable {
    case decided(at: Date)
    case begun(Beginning)
    /// As a ``Invoicing/RefusalWriting`` has written it.
    case refused([UInt8])

    /// Several invoices were begun together.
    struct Beginning: Hashable {
        /// In the order that they were asked for.
        let invoices: [InvoiceID]
        let decidedAt: Date
        /// By which those that were refused beside them are named.
        let correlationID: String
    }

    /// The kind in one byte, and what is told of it. A time is in seconds since 1970, as a big-endian IEEE 754 number.
    var bytes: [UInt8] {
        switch self {
        case .decided(let time):
            [Self.decision] + time.bytes
        case .begun(let beginning):
            [Self.beginning] + beginning.decidedAt.bytes + [UInt8(clamping: beginning.correlationID.utf8.count)]
                + beginning.correlationID.utf8 + beginning.invoices.flatMap(\.rawValue.bytes)
        case .refused(let refusal):
            [Self.refusal] + refusal
        }
    }

    /// - Throws: ``UnreadableOutcome`` when it was kept by something else, or by a later version of it.
    init(_ bytes: [UInt8]?, of command: CommandKey) throws(UnreadableOutcome) {
        var content = bytes?.dropFirst() ?? []
        switch bytes?.first {
        case Self.decision where content.count == 8:
            self = .decided(at: Date(bytes: content))
        case Self.beginning where content.count > 8:
            let time = Date(bytes: content.prefix(8))
            content = content.dropFirst(8)
            let length = Int(content.removeFirst())
            let ids = Array(content.dropFirst(length))
            let invoices = stride(from: 0, to: ids.count - 15, by: 16).map {
                InvoiceID(UUID(bytes: ids[$0..<$0 + 16]))
            }
            self = .begun(
                Beginning(
                    invoices: invoices, decidedAt: time,
                    correlationID: String(decoding: content.prefix(length), as: UTF8.self)))
        case Self.refusal:
            self = .refused(Array(content))
        default:
            throw UnreadableOutcome(commandID: command.id)
        }
    }

    private static let decision: UInt8 = 0
    private static let refusal: UInt8 = 1
    private static let beginning: UInt8 = 2
}

extension Date {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: timeIntervalSince1970.bitPattern.bigEndian) { Array($0) } }

    fileprivate init(bytes: some Sequence<UInt8>) {
        self.init(timeIntervalSince1970: Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
    }
}

/// A command was refused, and the refusal is kept with it.
package struct RecordedRefusal: Error, Hashable, Sendable {
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
