/// Sealed data does not open, and its subject was not forgotten: somebody has changed it, moved it, or lost its key.
public struct BrokenSeal: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with a seal.
    public enum Reason: Hashable, Sendable {
        /// It is not what the vault writes.
        case malformed
        /// It was changed, or sealed for another place.
        case notAuthentic
        /// The key that it names never was in the key store.
        case unknownKey
    }

    /// What the data is part of: the event and its stream, where it is an event.
    public let place: SealBinding
    /// The event's position in the log; nil when it is no event's data.
    public let position: Position?
    /// Nil when the data is so damaged that it names none.
    public let subject: DataSubject?
    /// What is wrong with the seal.
    public let reason: Reason

    init(place: SealBinding, position: Position? = nil, subject: DataSubject?, reason: Reason) {
        self.place = place
        self.position = position
        self.subject = subject
        self.reason = reason
    }

    func located(at position: Position) -> BrokenSeal {
        BrokenSeal(place: place, position: position, subject: subject, reason: reason)
    }

    /// Names event and position, and says what is wrong.
    public var description: String {
        let position = position.map { " at position \($0)" } ?? ""
        let whose = subject.map { " of subject \($0)" } ?? ""
        let problem =
            switch reason {
            case .malformed: "is malformed"
            case .notAuthentic: "was changed, or moved from another place"
            case .unknownKey: "names a key that is not in the key store"
            }
        return "\(place)\(position): the sealed data\(whose) \(problem); restore it from a backup, or redact the event"
    }
}

extension BrokenSeal: CategorizedError {
    /// Put the message aside, and look at it.
    public var category: ErrorCategory { .poison }
}
