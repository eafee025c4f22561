/// What was found when something that the service depends on was looked at.
package struct HealthCheck: Hashable, Sendable {
    /// What was looked at: `event-store`.
    package let name: String
    /// Why it failed, in words that may be shown to anybody; nil when it is well.
    package let failure: String?
    /// Whether the service cannot work without it; otherwise it does less.
    package let isVital: Bool

    package init(name: String, failure: String? = nil, isVital: Bool = true) {
        self.name = name
        self.failure = failure
        self.isVital = isVital
    }

    package var status: HealthStatus { failure == nil ? .ok : isVital ? .failed : .degraded }
}

/// How the service is doing, or a part of it.
package enum HealthStatus: String, Comparable, Sendable {
    case ok, degraded, failed

    package static func < (left: HealthStatus, right: HealthStatus) -> Bool { left.severity < right.severity }

    private var severity: Int {
        switch self {
        case .ok: 0
        case .degraded: 1
        case .failed: 2
        }
    }
}
