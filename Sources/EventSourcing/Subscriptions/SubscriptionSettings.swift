/// How a persistent subscription treats its messages. Registering again with other settings changes them.
public struct SubscriptionSettings: Hashable, Sendable {
    /// The most messages that are drawn from the log and not yet settled, 1 to 100,000. Parked ones do not count.
    public var bufferSize = 2_000
    /// How long a consumer may take with a message from the moment it is handed out; then it goes to another one.
    public var messageTimeout: Duration = .seconds(30)
    /// After how many failed attempts a message is parked, at least 1. Running out of time is one, too.
    public var maxAttempts = 10
    /// The pauses after the first, second, … failure; the last one also after all that follow.
    public var retryDelays: [Duration] = [
        .milliseconds(100), .milliseconds(500), .seconds(1), .seconds(5), .seconds(30),
    ]
    /// What becomes of the events behind a parked one in its stream.
    public var parkedStream = ParkedStream.waits

    /// What becomes of the events behind a parked one in its stream.
    public enum ParkedStream: String, Hashable, Sendable {
        /// They wait, parked in their order, until it is replayed and settled or skipped: no event is handled whose
        /// predecessor was not.
        case waits
        /// They are handled; a replay of the parked one comes after them.
        case goesOn
    }

    /// The defaults.
    public init() {}

    /// The pause before the next attempt.
    func delay(afterFailures failures: Int) -> Duration {
        retryDelays.isEmpty ? .zero : retryDelays[min(failures, retryDelays.count) - 1]
    }

    /// What is wrong with the settings; nil when nothing is.
    var fault: String? {
        if !(1...100_000).contains(bufferSize) { return "bufferSize is \(bufferSize): use 1 to 100000" }
        if messageTimeout < .milliseconds(1) { return "messageTimeout is \(messageTimeout): use a millisecond or more" }
        if maxAttempts < 1 { return "maxAttempts is \(maxAttempts): use 1 or more" }
        if retryDelays.contains(where: { $0 < .zero }) { return "retryDelays has a negative one" }
        return nil
    }
}
