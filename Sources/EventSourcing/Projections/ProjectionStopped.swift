/// A projection has stopped, since trying again could do harm: a person has to decide.
public struct ProjectionStopped: Error, Hashable, Sendable, CustomStringConvertible {
    /// What made it stop.
    public enum Reason: String, CaseIterable, Hashable, Sendable {
        /// The event store is another one than the projection has read.
        case storeReplaced
        /// The event store ends before the checkpoint: it was restored from a backup, or has failed over with loss.
        case storeTruncated
        /// Another event is at the checkpoint: the event store has lost events and got new ones since.
        case storeForked
        /// More streams are parked than are allowed: it is rather the projection that is broken than its events.
        case tooManyParkedStreams
        /// An error of the category ``ErrorCategory/fatal``: of the program, of the database's schema, of a right.
        case fatalError
    }

    /// The name of the projection.
    public let projection: String
    /// Why it has stopped.
    public let reason: Reason
    /// What was found, for a person.
    public let finding: String

    /// For targets that find out by themselves.
    public init(_ projection: String, _ reason: Reason, finding: String) {
        self.projection = projection
        self.reason = reason
        self.finding = finding
    }

    /// What an error stops; nil when it is not fatal.
    init?(_ error: any Error, of projection: String) {
        if let stopped = error as? ProjectionStopped {
            self = stopped
        } else if ErrorCategory(of: error).reaction == .stop {
            self.init(projection, .fatalError, finding: "\(error)")
        } else {
            return nil
        }
    }

    /// What to do about it.
    public var advice: String {
        switch reason {
        case .storeReplaced, .storeTruncated, .storeForked:
            "heal the projection: rewind it to what the event store still has, or rebuild it"
        case .tooManyParkedStreams:
            "look at the parked events, mend their cause, then retry or skip them; the projection goes on by itself"
        case .fatalError:
            "mend the cause, then resume the projection or start the process again"
        }
    }

    /// What was found, and what to do.
    public var description: String { "projection \(projection) has stopped: \(finding); \(advice)" }
}

extension ProjectionStopped: CategorizedError {
    /// Neither waiting nor skipping helps: stop.
    public var category: ErrorCategory { .fatal }
}
