/// Who waits for which events, found by what an event is, without a look at all who wait.
struct SubscriptionWaiters {
    typealias ID = UInt64

    private struct Waiter {
        let source: SubscriptionSource
        let wake: AsyncStream<Void>.Continuation
    }

    /// What every event of a source has in common, as far as it is looked up.
    private enum Key: Hashable {
        case stream(StreamName)
        case type(String)
        case category(String)
        case tenant(TenantID)
        case any
    }

    private var waiters: [ID: Waiter] = [:]
    private var ids: [Key: Set<ID>] = [:]
    private var nextID: ID = 0

    var all: [AsyncStream<Void>.Continuation] { waiters.values.map(\.wake) }

    mutating func add(_ source: SubscriptionSource, _ wake: AsyncStream<Void>.Continuation) -> ID {
        nextID += 1
        waiters[nextID] = Waiter(source: source, wake: wake)
        for key in Self.keys(of: source) { ids[key, default: []].insert(nextID) }
        return nextID
    }

    mutating func remove(_ id: ID) {
        guard let waiter = waiters.removeValue(forKey: id) else { return }
        for key in Self.keys(of: waiter.source) {
            ids[key]?.remove(id)
            if ids[key]?.isEmpty == true { ids[key] = nil }
        }
    }

    /// Those that wait for any of these events, each once.
    func waiters(for events: [RecordedEvent]) -> [AsyncStream<Void>.Continuation] {
        var woken = Set<ID>()
        for event in events where woken.count < waiters.count {
            for key in Self.keys(of: event) {
                for id in ids[key] ?? [] where !woken.contains(id) && waiters[id]?.source.matches(event) == true {
                    woken.insert(id)
                }
            }
        }
        return woken.compactMap { waiters[$0]?.wake }
    }

    private static func keys(of event: RecordedEvent) -> [Key] {
        [
            .stream(event.stream), .type(event.type.rawValue), .category(String(event.stream.category)),
            .tenant(event.stream.tenant), .any,
        ]
    }

    /// An event of the source has one of these.
    private static func keys(of source: SubscriptionSource) -> [Key] {
        switch source {
        case .stream(let stream): return [.stream(stream)]
        case .log(let filter):
            if let types = filter.types, filter.typePrefixes == nil { return types.map { .type($0.rawValue) } }
            if let tenant = filter.tenant { return [.tenant(tenant)] }
            if let categories = filter.categories { return categories.map { .category($0.rawValue) } }
            return [.any]
        }
    }
}
