import EventSourcing
import FoundationEssentials

/// How groups are doing: the document of `invoices subscriptions list` and `status`.
struct SubscriptionReports: Encodable {
    let subscriptions: [SubscriptionReport]

    /// A line for each group.
    var list: String {
        guard !subscriptions.isEmpty else { return "There is no persistent subscription in this event store." }
        var table = TextTable(
            "SUBSCRIPTION", "TENANT", "STATE", " POSITION", " LAG", " IN FLIGHT", " WAITING", " PARKED", " CONSUMERS")
        for group in subscriptions {
            table.add(
                group.name, group.tenant ?? "all", group.stopped == nil ? "running" : "stopped", "\(group.position)",
                "\(group.lag)", "\(group.inFlight)", "\(group.waiting)", "\(group.parked)", "\(group.consumers.count)")
        }
        return table.text
    }

    /// Everything about each of them.
    var details: String { subscriptions.isEmpty ? list : subscriptions.map(\.details).joined(separator: "\n\n") }
}

/// How a group is doing. What does not apply is left out of the document.
struct SubscriptionReport: Encodable {
    struct Stop: Encodable {
        let since: Date
        let reason: String
    }

    let name: String
    /// Left out: the events of all tenants.
    let tenant: String?
    let position: Int64
    let lag: Int64
    let waiting: Int
    let inFlight: Int
    let retrying: Int
    let parked: Int
    let held: Int
    let settled: Int64
    let oldestUnsettled: Date?
    /// With the number of messages in their hands.
    let consumers: [String: Int]
    let stopped: Stop?

    init(_ info: SubscriptionInfo) {
        name = info.id.name
        tenant = info.id.tenant?.rawValue
        position = info.readPosition.rawValue
        lag = info.lag
        waiting = info.waiting
        inFlight = info.inFlight
        retrying = info.retrying
        parked = info.parked
        held = info.held
        settled = info.settled
        oldestUnsettled = info.oldestUnsettled
        consumers = info.consumers
        stopped = info.stopped.map { Stop(since: $0.since, reason: $0.reason) }
    }

    fileprivate var details: String {
        var lines = ["\(name), events of \(tenant.map { "tenant \($0)" } ?? "all tenants")"]
        if let stopped { lines.append("  stopped    since \(stopped.since.spoken()): \(stopped.reason)") }
        lines.append("  position   \(position), \(lag == 1 ? "1 event" : "\(lag) events") behind")
        lines.append("  in flight  \(inFlight), waiting \(waiting), to be tried again \(retrying)")
        lines.append("  parked     \(parked), and behind them \(held)")
        lines.append("  settled    \(settled)")
        if let oldestUnsettled { lines.append("  oldest     recorded \(oldestUnsettled.spoken())") }
        if consumers.isEmpty { lines.append("  consumers  none has asked lately") }
        for (consumer, messages) in consumers.sorted(by: { $0.key < $1.key }) {
            lines.append("  consumer   \(consumer), with \(messages) messages in hand")
        }
        return lines.joined(separator: "\n")
    }
}
