import FoundationEssentials

/// How large an append may be; every store holds to it.
public struct AppendLimits: Hashable, Sendable {
    /// Data and metadata of one event together, in bytes; see ``NewEvent/size``.
    public var eventSize: Int
    /// Events of one append.
    public var events: Int
    /// What is kept with a command, ``Append/outcome``, in bytes.
    public var outcomeSize: Int
    /// Tags of one event.
    public var tags = 16
    /// Clauses of the query of a condition.
    public var conditionClauses = 32

    /// How concurrent appends are joined, by stores that join them.
    public var batches = Batches()

    /// How much goes into one batch, and how much may be under way.
    public struct Batches: Hashable, Sendable {
        /// Events of one batch; an append with more is a batch of its own.
        public var events = 500
        /// Data and metadata of one batch, in bytes; a larger append is a batch of its own.
        public var size = 4 << 20
        /// Batches in flight. With one, the appends that come meanwhile make a large batch, which costs the store less
        /// than two small ones.
        public var inFlight = 1
        /// Appends that wait for a batch; more are refused with ``StoreOverloaded``.
        public var waitingAppends = 10_000
        /// How long an append may take, waiting for its batch and for the locks that the batch needs. Then it is
        /// given up, and refused with ``StoreTimedOut`` once it is certain that nothing is written. Reads of streams are
        /// bounded likewise.
        public var timeout = Duration.seconds(10)

        /// The defaults.
        public init() {}
    }

    /// Limits of single appends; those of batches are set afterwards.
    public init(eventSize: Int = 1 << 20, events: Int = 1_000, outcomeSize: Int = 64 << 10) {
        self.eventSize = eventSize
        self.events = events
        self.outcomeSize = outcomeSize
    }

    /// Refuses what no state of the store could make acceptable.
    ///
    /// - Throws: ``AppendRejected``.
    package func check(_ append: Append) throws(AppendRejected) {
        guard let first = append.streams.first else { throw AppendRejected(stream: nil, reason: .noEvents) }
        let count = append.eventCount
        guard count > 0 || append.command != nil else { throw AppendRejected(stream: first.stream, reason: .noEvents) }
        guard count <= events else {
            throw AppendRejected(stream: first.stream, reason: .tooManyEvents(count: count, limit: events))
        }
        if let outcome = append.outcome { try check(outcome, of: append.command, for: first.stream) }
        if append.streams.count > 1 { try checkStreams(of: append) }
        for part in append.streams { try check(part.events, for: part.stream) }
        if let condition = append.condition { try condition.check(append, self) }
    }

    private func check(_ outcome: [UInt8], of command: CommandKey?, for stream: StreamName) throws(AppendRejected) {
        guard command != nil else { throw AppendRejected(stream: stream, reason: .outcomeWithoutCommand) }
        guard outcome.count <= outcomeSize else {
            throw AppendRejected(
                stream: stream, reason: .outcomeTooLarge(size: outcome.count, limit: outcomeSize))
        }
    }

    private func checkStreams(of append: Append) throws(AppendRejected) {
        var streams = Set<StreamName>()
        for part in append.streams {
            guard part.stream.tenant == append.streams[0].stream.tenant else {
                throw AppendRejected(stream: part.stream, reason: .severalTenants)
            }
            guard streams.insert(part.stream).inserted else {
                throw AppendRejected(stream: part.stream, reason: .repeatedStream)
            }
        }
    }

    private func check(_ events: [NewEvent], for stream: StreamName) throws(AppendRejected) {
        for event in events {
            guard event.size <= eventSize else {
                throw AppendRejected(
                    stream: stream, event: event.id, reason: .eventTooLarge(size: event.size, limit: eventSize))
            }
            guard event.data != .redacted else {
                throw AppendRejected(stream: stream, event: event.id, reason: .reservedData)
            }
            guard event.tags.count <= tags else {
                throw AppendRejected(
                    stream: stream, event: event.id, reason: .tooManyTags(count: event.tags.count, limit: tags))
            }
        }
        guard events.count > 1 else { return }
        var ids = Set<UUID>()
        for event in events where !ids.insert(event.id).inserted {
            throw AppendRejected(stream: stream, event: event.id, reason: .repeatedEventID)
        }
    }
}
