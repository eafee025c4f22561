import DequeModule

/// Requests that wait to be sent on one kind of shared connections, oldest first, and no more than a limit.
struct RequestQueue<Request: PipelineRequest> {
    let limit: Int
    private var requests: Deque<Request> = []
    /// No request's time is over before this.
    private(set) var nextDeadline = CoarseInstant.never

    init(limit: Int) { self.limit = limit }

    var count: Int { requests.count }
    var isEmpty: Bool { requests.isEmpty }

    /// Adds a request behind the others; `false` if there are too many.
    mutating func append(_ request: Request) -> Bool {
        guard requests.count < limit else { return false }
        requests.append(request)
        nextDeadline = min(nextDeadline, request.deadline)
        return true
    }

    /// Puts requests that have to be sent again before all others, whatever the limit: they were admitted already.
    mutating func prepend(_ returned: [Request]) {
        guard !returned.isEmpty else { return }
        requests.prepend(contentsOf: returned)
        for request in returned { nextDeadline = min(nextDeadline, request.deadline) }
    }

    /// Moves up to `count` requests from the front to the end of `batch`.
    mutating func take(_ count: Int, into batch: inout [Request]) {
        for _ in 0..<Swift.min(count, requests.count) { batch.append(requests.removeFirst()) }
        if requests.isEmpty { nextDeadline = .never }
    }

    /// Moves the requests whose time is over to the end of `expired`.
    mutating func expire(at now: CoarseInstant, into expired: inout [Request]) {
        guard nextDeadline <= now else { return }
        expired.append(contentsOf: requests.filter { $0.deadline <= now })
        requests.removeAll { $0.deadline <= now }
        nextDeadline = requests.lazy.map(\.deadline).min() ?? .never
    }

    mutating func remove(_ id: RequestID) -> Request? {
        requests.firstIndex { $0.id == id }.map { requests.remove(at: $0) }
    }

    mutating func removeAll() -> [Request] {
        defer { requests.removeAll() }
        return Array(requests)
    }
}

extension RequestQueue: Sendable where Request: Sendable {}
