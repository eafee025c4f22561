/// Where a relay delivers events: a queue, a webhook, or any other system outside.
public protocol EventSink: Sendable {
    /// Unique among the sinks of a log: it names the relay's persistent subscription. It must stay the same for as long as
    /// the sink keeps its position in the log.
    var name: String { get }
    /// Which events it receives.
    var filter: LogFilter { get }

    /// Delivers events, within the message time-out of the subscription.
    ///
    /// - Parameter deliveries: in the order of their positions; there may be several of a stream. When one fails, the
    ///   later ones of its stream must not be delivered before it: they get a verdict to retry, and none of their attempts
    ///   is counted.
    /// - Returns: a verdict for each, in the same order.
    /// - Throws: when the sink as a whole takes nothing now. All of the deliveries come again after a pause, and no attempt
    ///   is counted. Those that were delivered all the same come twice. A fatal error stops the relay until an
    ///   administrator resumes it; one that repeating cannot mend parks the event that was delivered alone.
    func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict]

    /// Checks what the sink asks for when the program starts.
    ///
    /// - Parameter types: all types of events that the log can have.
    /// - Throws: ``InvalidSink`` when it asks for events that are never appended.
    func check(against types: Set<EventType>) throws(InvalidSink)
}

extension EventSink {
    /// Finds nothing wrong: for sinks that take any type.
    public func check(against types: Set<EventType>) throws(InvalidSink) {
        if let fault = filter.fault(against: types) { throw InvalidSink(sink: name, reason: fault) }
    }
}

extension Sequence where Element == any EventSink {
    /// Checks the sinks of a log together when the program starts.
    ///
    /// - Throws: ``InvalidSink`` when two have one name, or one asks for events that are never appended.
    public func check(against types: Set<EventType>) throws(InvalidSink) {
        var names = Set<String>()
        for sink in self {
            guard names.insert(sink.name).inserted else {
                throw InvalidSink(sink: sink.name, reason: "another sink has this name: rename one of them")
            }
            try sink.check(against: types)
        }
    }
}

/// A sink that could not work as it is set up.
public struct InvalidSink: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the sink.
    public let sink: String
    /// What is wrong with it, and what to do.
    public let reason: String

    /// For sinks of one's own.
    public init(sink: String, reason: String) {
        self.sink = sink
        self.reason = reason
    }

    /// Names the sink, and says what is wrong.
    public var description: String { "the sink \"\(sink)\" is not valid: \(reason)" }
}

extension InvalidSink: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension LogFilter {
    /// What the filter names that no event has; nil when there is nothing of that kind.
    package func fault(against known: Set<EventType>) -> String? {
        let unknown = types?.filter { !known.contains($0) && !known.contains(presentName(of: $0)) }
        if let type = unknown?.min(by: { $0.rawValue < $1.rawValue }) {
            return "no event has the type \(type): use one of \(known.map(\.rawValue).sorted().joined(separator: ", "))"
        }
        let prefix = typePrefixes?.first { prefix in !known.contains { $0.rawValue.hasPrefix(prefix.rawValue) } }
        return prefix.map { "no event has a type that begins with \($0)" }
    }

    /// A filter that passes every event that this one or the other passes, and perhaps some more.
    func union(_ other: LogFilter) -> LogFilter {
        func either<Value>(_ mine: Set<Value>?, _ theirs: Set<Value>?) -> Set<Value>? {
            mine.flatMap { mine in theirs.map(mine.union) }
        }
        var union = LogFilter(
            tenant: tenant == other.tenant ? tenant : nil, categories: either(categories, other.categories))
        // Either of types and prefixes is a condition by itself, and together they are one.
        if types != nil || typePrefixes != nil, other.types != nil || other.typePrefixes != nil {
            union.types = (types ?? []).union(other.types ?? [])
            let prefixes = (typePrefixes ?? []).union(other.typePrefixes ?? [])
            if !prefixes.isEmpty { union.typePrefixes = prefixes }
            union.presentNames = presentNames.merging(other.presentNames) { mine, _ in mine }
        }
        return union
    }
}
