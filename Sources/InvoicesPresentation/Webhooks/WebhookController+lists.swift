import EventSourcing
import FoundationEssentials
import HTTPConventions
import Hummingbird

/// Lists, a page at a time. A cursor is the id that a page begins behind.
extension WebhookController {
    func addListRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.get("/webhooks", use: list)
        group.get("/webhooks/:id/deliveries", use: deliveries)
    }

    @Sendable private func list(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        var parameters = QueryParameters(of: request)
        let (limit, cursor) = parameters.page(of: .webhook)
        try parameters.finish()
        let found = try await store.webhooks(of: tenant, after: cursor, limit: limit + 1)
        let (page, now) = (found.prefix(limit), context.receivedAt)
        return .json(tagged: .content) { json in
            json.object { json in
                json.member("data") { json in json.array(page) { $0.webhook($1, at: now) } }
                json.member("nextCursor", found.count > limit ? page.last?.id.cursor(of: .webhook) : nil)
            }
        }
    }

    @Sendable private func deliveries(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        var parameters = QueryParameters(of: request)
        let id = parameters.id(in: context)
        let (limit, cursor) = parameters.page(of: .delivery)
        try parameters.finish()
        let found = try await store.deliveries(of: id, tenant: tenant, before: cursor, limit: limit + 1)
        let page = found.prefix(limit)
        return .json(tagged: .content) { json in
            json.object { json in
                json.member("data") { json in json.array(page) { $0.webhookDelivery($1) } }
                json.member("nextCursor", found.count > limit ? page.last?.id.cursor(of: .delivery) : nil)
            }
        }
    }
}

extension QueryParameters {
    /// The size of a page, and the id behind which it begins.
    fileprivate mutating func page(of kind: OpaqueToken.Kind) -> (limit: Int, cursor: UUID?) {
        let limit = integer("limit", in: RequestLimits.pageSizes, default: RequestLimits.defaultPageSize)
        let cursor = value(
            "cursor", else: .invalidCursor,
            expecting: "Send nextCursor of a page of the same list as it was, or leave the cursor out."
        ) { OpaqueToken.payload(of: kind, size: 16, in: $0).map { UUID(bytes: $0[...]) } }
        return (limit, cursor)
    }
}

extension UUID {
    fileprivate func cursor(of kind: OpaqueToken.Kind) -> String { OpaqueToken.text(of: kind, bytes) }
}
