/// How large an append may be; every store holds to it.
public struct AppendLimits: Hashable, Sendable {
    /// Data and metadata of one event together, in bytes.
    public var eventSize: Int
    /// Events of one append.
    public var events: Int

    /// How concurrent appends are joined, by stores that join them.
    public var batches = Batches()

    /// How much goes into one batch, and how much may be under way.
    public struct Batches: Hashable, Sendable {
        /// Events of one batch; an append with more is a batch of its own.
        public var events = 500
        /// Data and metadata of one batch, in bytes; a larger append is a batch of its own.
        public var size = 4 << 20
        /// Batches in flight. With two, the store has the next one at hand when one ends.
        public var inFlight = 2
        /// Appends that wait for a batch; more are refused with ``StoreOverloaded``.
        public var waitingAppends = 10_000

        public init() {}
    }

    public init(eventSize: Int = 1 << 20, events: Int = 1_000) {
        self.eventSize = eventSize
        self.events = events
    }

    /// Refuses what no state of the stream could make acceptable.
    ///
    /// - Throws: ``AppendRejected``.
    package func check(_ events: [NewEvent], for stream: StreamName) throws(AppendRejected) {
        guard !events.isEmpty else { throw AppendRejected(stream: stream, reason: .noEvents) }
        guard events.count <= self.events else {
            throw AppendRejected(stream: stream, reason: .tooManyEvents(count: events.count, limit: self.events))
        }
        for event in events where event.size > eventSize {
            throw AppendRejected(stream: stream, reason: .eventTooLarge(size: event.size, limit: eventSize))
        }
        guard events.count == 1 || Set(events.map(\.id)).count == events.count else {
            throw AppendRejected(stream: stream, reason: .repeatedEventID)
        }
    }
}
