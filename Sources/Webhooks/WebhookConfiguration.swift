public import EventSourcing

/// How webhooks are sent.
public struct WebhookConfiguration: Sendable {
    /// Where events come from, as an absolute URI: the `source` of CloudEvents.
    public var source: String
    /// Where requests may go.
    public var policy = WebhookNetworkPolicy.publicInternet
    /// For one attempt: the connection, the request, and the answer.
    public var timeout: Duration = .seconds(15)
    /// How long a connection may take to be made.
    public var connectTimeout: Duration = .seconds(5)
    /// The most bytes of an answer that are read; the rest is not waited for.
    public var answerSize = 64 * 1024
    /// The most requests to an endpoint at a time. Those of a stream follow each other.
    public var concurrency = 8
    /// After what time without a successful delivery an endpoint is disabled.
    public var deadAfter: Duration = .seconds(3 * 86_400) {
        didSet { retryDelays = Self.retryDelays(over: deadAfter) }
    }
    /// The pauses after the first, second, … failure of a message, before jitter. It is parked after the last one, which an
    /// endpoint that is dead does not live to see.
    public var retryDelays = retryDelays(over: .seconds(3 * 86_400))
    /// The longest pause that an endpoint can ask for by `Retry-After`.
    public var longestRetryAfter: Duration = .seconds(86_400)
    /// After how many failures in a row only one message at a time is tried.
    public var breakerThreshold = 5
    /// The pause between such attempts; it doubles up to the second one.
    public var breakerPauses: ClosedRange<Duration> = .seconds(10) ... .seconds(300)
    /// How often changes of the endpoints and messages that are due again are looked for.
    public var pollInterval: Duration = .seconds(2)
    /// Finds the addresses of a name.
    public var resolver = HostResolver.system
    /// Dates deliveries, and measures pauses. What a request takes is measured by the machine's clock.
    public var clock = ServiceClock.system

    /// The defaults; `source` is the CloudEvents attribute, an absolute URI.
    public init(source: String) { self.source = source }

    /// Growing pauses that take longer than a time, whatever the jitter.
    private static func retryDelays(over time: Duration) -> [Duration] {
        var delays: [Duration] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800].map { .seconds($0) }
        while delays.reduce(.zero, +) * 0.9 <= time { delays.append(.seconds(43_200)) }
        return delays
    }

    /// For how long a round of deliveries begins new requests.
    var round: Duration { timeout * 2 }

    /// The settings of an endpoint's subscription. A message is never handed to others while it is sent.
    var subscriptionSettings: SubscriptionSettings {
        var settings = SubscriptionSettings()
        // What waits behind a message that cannot be delivered stays in the buffer, and a full one stops all other streams:
        // room for a stream that is long and blocked. A row is small, it holds no event.
        settings.bufferSize = 20_000
        settings.messageTimeout = round + timeout + .seconds(30)
        settings.maxAttempts = retryDelays.count + 1
        settings.retryDelays = retryDelays
        return settings
    }

    /// The pause after a failed attempt, with up to a tenth taken off at random so that messages do not come at once.
    func delay(afterAttempt attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        guard let longest = retryDelays.last else { return .zero }
        let delay = attempt <= retryDelays.count ? retryDelays[max(attempt, 1) - 1] : longest
        return delay * Double.random(in: 0.9...1, using: &generator)
    }
}
