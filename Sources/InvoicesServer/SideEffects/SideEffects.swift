import EventSourcing
import HTTPConventions
import ServiceLifecycle

/// What brings events out of the service.
struct SideEffects: Sendable {
    /// In the order of dependency.
    var services: [any Service] = []
    var relays: [Relay] = []
    /// Why the queues take no jobs, without internal details; nil when they do.
    var queueFailure: @Sendable () async -> String? = { nil }

    /// Whether every relay brings its events out; nil when this process has none. The service works without.
    func healthCheck() async -> HealthCheck? {
        guard !relays.isEmpty else { return nil }
        var reasons = relays.compactMap(\.failure)
        if let failure = await queueFailure() { reasons.insert(failure, at: 0) }
        return HealthCheck(
            name: "relay", failure: reasons.isEmpty ? nil : reasons.joined(separator: "; "), isVital: false)
    }
}

extension Relay {
    /// Why it brings out nothing, without internal details; the details are in the log.
    fileprivate var failure: String? {
        switch state {
        case .running: nil
        case .unavailable(_, let since): "\(sink.name) takes nothing since \(RFC3339.string(from: since))"
        case .stopped: "\(sink.name) was stopped by an administrator"
        }
    }
}
