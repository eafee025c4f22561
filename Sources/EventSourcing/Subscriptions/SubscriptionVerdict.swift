/// What a consumer says about a message. A handler may throw one, to say otherwise than its error's category would.
public enum SubscriptionVerdict: Error, Hashable, Sendable {
    /// It was handled.
    case acknowledge
    /// It comes again, after a pause or the one of the settings. Later events of its stream wait for it.
    case retry(after: Duration? = nil, reason: String)
    /// It is put aside for an administrator.
    case park(reason: String)
    /// It never comes again, although it was not handled.
    case skip
    /// The whole group stops until an administrator resumes it; the message comes again then.
    case stop(reason: String)

    /// Whether the consumer may go on with later events of the stream that it has in hand.
    ///
    /// After anything else the store takes those back, to hand them out when it is their turn.
    var isSettled: Bool { self == .acknowledge || self == .skip }
}

extension SubscriptionVerdict {
    /// What an error of a handler means, by the ``ErrorCategory/reaction`` of its category.
    public init(for error: any Error) {
        if let verdict = error as? SubscriptionVerdict {
            self = verdict
            return
        }
        switch ErrorCategory(of: error).reaction {
        case .retry: self = .retry(reason: "\(error)")
        case .park, .refuse: self = .park(reason: "\(error)")
        case .stop: self = .stop(reason: "\(error)")
        }
    }
}
