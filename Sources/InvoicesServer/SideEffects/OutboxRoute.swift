import EventSourcing
import InvoicesDomain

/// Which events become jobs of a queue: a part of the setting `OUTBOX_ROUTES`.
struct OutboxRoute: Hashable, Sendable {
    let queue: String
    /// The events' names without context, aggregate and version: `created`.
    let events: [String]

    static let standard =
        "notification=created,issued,payment_received,payment_reversed,became_overdue,reminder_requested"

    /// Reads `queue=event,event;queue=*`.
    ///
    /// - Throws: ``Failure`` that says what is wrong.
    static func all(in text: String) throws(Failure) -> [OutboxRoute] {
        var routes: [OutboxRoute] = []
        for part in text.split(separator: ";").map(\.trimmed) where !part.isEmpty {
            let route = try OutboxRoute(part)
            guard !routes.contains(where: { $0.queue == route.queue }) else {
                throw failure("the queue \"\(route.queue)\" is there twice: put its events together")
            }
            routes.append(route)
        }
        return routes
    }

    private init(_ text: String) throws(Failure) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
        guard sides.count == 2, !sides[1].isEmpty else {
            throw Self.failure("\"\(text)\" is not of the form queue=event,event or queue=*; use ; between queues")
        }
        queue = sides[0]
        let names = sides[1].split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
        if let unknown = names.first(where: { $0 != "*" && !Self.allEvents.contains($0) }) {
            throw Self.failure(
                """
                there is no event "\(unknown)" for the queue "\(queue)"; there are \
                \(Self.allEvents.joined(separator: ", ")), and * for all
                """)
        }
        events = Self.allEvents.filter { names.contains("*") || names.contains($0) }
        guard !queue.isEmpty, queue.count <= 100, (try? SubscriptionID(sink)) != nil else {
            throw Self.failure("the queue \"\(queue)\": use 1 to 100 ASCII letters, digits or any of - _ .")
        }
    }

    /// The name of the queue's sink, and of its persistent subscription.
    var sink: String { "queue.\(queue)" }

    /// The events of a tenant, of every version that there has been or will be.
    func filter(of tenant: TenantID) throws -> LogFilter {
        LogFilter(
            tenant: tenant,
            typePrefixes: Set(try events.map { try EventTypePrefix("\(InvoiceEvent.Name.aggregate).\($0).") }))
    }

    private static let allEvents = InvoiceEvent.Name.allCases.map(\.unversioned)

    private static func failure(_ text: String) -> Failure { Failure(.configuration, "OUTBOX_ROUTES: \(text)") }
}

extension InvoiceEvent.Name {
    /// `invoices.invoice`
    fileprivate static let aggregate = InvoiceEvent.Name.created.rawValue.split(separator: ".").prefix(2)
        .joined(separator: ".")

    /// Without context, aggregate and version: `created`.
    fileprivate var unversioned: String { String(rawValue.split(separator: ".")[2]) }
}

extension Substring {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
