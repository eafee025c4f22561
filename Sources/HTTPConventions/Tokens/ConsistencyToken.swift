package import EventSourcing
import HTTPTypes
package import Hummingbird

/// The position in the log that a read has to include, as an opaque text.
package enum ConsistencyToken {
    package static func text(for position: Position) -> String {
        OpaqueToken.text(of: .consistency, position.rawValue.bigEndianBytes)
    }
}

extension Request {
    /// The position that the answer to this request has to include; the start when the caller names none.
    ///
    /// - Throws: a ``Problem`` when the header is not a token.
    package func consistencyPosition() throws(Problem) -> Position {
        guard let text = headers[.consistencyToken] else { return .start }
        guard let payload = OpaqueToken.payload(of: .consistency, size: 8, in: text) else {
            throw .invalidParameters([
                ProblemError(
                    .header("Consistency-Token"), .invalidConsistencyToken,
                    "Send the Consistency-Token of a write's answer as it was, or leave the header out.")
            ])
        }
        return Position(Int64(bigEndianBytes: payload))
    }
}
