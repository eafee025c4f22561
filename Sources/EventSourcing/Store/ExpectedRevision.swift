/// What a stream's last revision has to be for an append to be accepted.
public enum ExpectedRevision: Hashable, Sendable, CustomStringConvertible {
    /// Anything: no check.
    case any
    /// The stream has no event yet.
    case noStream
    /// The stream has at least one event.
    case streamExists
    /// The stream's last event has exactly this revision.
    case exactly(Revision)

    /// The expectation that nothing changed since a stream was read up to `revision`; nil when it was empty.
    public init(lastRead revision: Revision?) {
        self = revision.map(ExpectedRevision.exactly) ?? .noStream
    }

    /// Whether a stream whose last revision is `actual` (nil: no events) meets the expectation.
    public func isMet(by actual: Revision?) -> Bool {
        switch self {
        case .any: true
        case .noStream: actual == nil
        case .streamExists: actual != nil
        case .exactly(let revision): actual == revision
        }
    }

    /// For errors: such as "revision 3" or "no stream".
    public var description: String {
        switch self {
        case .any: "any revision"
        case .noStream: "no stream"
        case .streamExists: "an existing stream"
        case .exactly(let revision): "revision \(revision)"
        }
    }
}
