public import FoundationEssentials

/// How a relay is doing.
public enum RelayState: Hashable, Sendable {
    case running
    /// The sink as a whole takes nothing; the relay tries again until it does.
    case unavailable(reason: String, since: Date)
    /// The subscription hands out nothing until an administrator resumes it.
    case stopped(reason: String)
}
