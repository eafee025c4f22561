import EventSourcing
import HTTPTypes
import Hummingbird

/// Up to where a read has to have seen the log, as a text that means nothing to callers.
enum ConsistencyToken {
    static func text(for position: Position) -> String {
        OpaqueToken.text(of: .consistency, position.rawValue.bigEndianBytes)
    }
}

extension Request {
    /// What the answer to this request has to include; the beginning when the caller asks for nothing.
    ///
    /// - Throws: a ``Problem`` when the header is not a token.
    func consistencyPosition() throws(Problem) -> Position {
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
