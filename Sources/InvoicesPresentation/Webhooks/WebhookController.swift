import EventSourcing
import FoundationEssentials
import HTTPConventions
import Hummingbird

/// The webhooks of the tenant: makes, changes and deletes them.
///
/// They are not event sourced: a repeated request is told from a new one by its `If-Match`, and not by an idempotency key.
struct WebhookController: Sendable {
    let ports: WebhookPorts
    let tenant: TenantID
    let makeID: @Sendable () -> UUID

    var store: any WebhookStore { ports.store }

    /// - Parameters:
    ///   - writes: a group without preferences, so that the answer with a secret is never left out.
    ///   - reads: a group with conditions.
    func addRoutes(
        writes: some RouterMethods<InvoicesRequestContext>, reads: some RouterMethods<InvoicesRequestContext>
    ) {
        writes.post("/webhooks", use: create)
        writes.patch("/webhooks/:id", use: change)
        writes.delete("/webhooks/:id", use: delete)
        writes.post("/webhooks/:id/rotate-secret", use: rotateSecret)
        reads.get("/webhooks/:id", use: find)
        addListRoutes(to: reads)
        addDeliveryRoutes(to: writes)
    }

    @Sendable private func create(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        try QueryParameters(of: request).finish()
        guard let body = try await request.json() else {
            throw Problem(.malformedJSON, "The body is empty. Send an object with at least url.")
        }
        let new = try ObjectReader.read(body) { NewWebhook(&$0, ports.policy) }.value
        let now = context.receivedAt
        let webhook = WebhookEndpoint(
            id: makeID(), tenant: tenant, url: new.url, description: new.description, types: new.types,
            secret: .random(), createdAt: now)
        try await store.create(webhook)
        return .json(.created, headers: [.location: "/webhooks/\(webhook.id.text)", .cacheControl: "no-store"]) {
            $0.webhookWithSecret(webhook, at: now)
        }
    }

    @Sendable private func find(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        answer(try await webhook(of: request, in: context), at: context.receivedAt)
    }

    @Sendable private func change(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        let id = try id(of: request, in: context)
        let condition = try request.ifMatch()
        guard let body = try await request.json(as: [.json, .mergePatch]) else {
            throw Problem(.malformedJSON, "The body is empty. Send an object with the members that change.")
        }
        let changes = try ObjectReader.read(body) { WebhookChanges(&$0, ports.policy) }.value
        let now = context.receivedAt
        return answer(try await save(id, under: condition) { changes.apply(to: &$0, at: now) }, at: now)
    }

    @Sendable private func delete(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        let id = try id(of: request, in: context)
        guard case .oneOf(let revisions)? = try request.ifMatch() else {
            try await store.delete(id, of: tenant)
            return Response(status: .noContent)
        }
        guard let webhook = try await store.webhook(id, of: tenant) else { throw WebhookNotFound(id) }
        guard revisions.contains(webhook.revision) else { throw WebhookChanged(id, actual: webhook.revision) }
        try await store.delete(id, of: tenant, at: webhook.revision)
        return Response(status: .noContent)
    }

    @Sendable private func rotateSecret(
        _ request: Request, _ context: InvoicesRequestContext
    ) async throws -> Response {
        let id = try id(of: request, in: context)
        let condition = try request.ifMatch()
        let rotation: SecretRotation
        switch try await request.json() {
        case nil, .null: rotation = SecretRotation()
        case let body?: rotation = try ObjectReader.read(body) { SecretRotation(&$0) }.value
        }
        let now = context.receivedAt
        let secret = WebhookSecret.random()
        let webhook = try await save(id, under: condition) {
            $0.rotate(to: secret, keepingPreviousUntil: now.addingTimeInterval(TimeInterval(rotation.previousValidFor)))
        }
        return .json(headers: [.cacheControl: "no-store"]) { $0.webhookWithSecret(webhook, at: now) }
    }

    private func answer(_ webhook: WebhookEndpoint, at now: Date) -> Response {
        .json(tagged: .resource(webhook.revision)) { $0.webhook(webhook, at: now) }
    }

    /// The id of a request without parameters.
    func id(of request: Request, in context: InvoicesRequestContext) throws -> UUID {
        var parameters = QueryParameters(of: request)
        let id = parameters.id(in: context)
        try parameters.finish()
        return id
    }

    func webhook(of request: Request, in context: InvoicesRequestContext) async throws -> WebhookEndpoint {
        let id = try id(of: request, in: context)
        guard let webhook = try await store.webhook(id, of: tenant) else { throw WebhookNotFound(id) }
        return webhook
    }

    /// Changes a webhook under the condition of `If-Match`; without one, again when others were quicker. What changes nothing
    /// is not written.
    private func save(
        _ id: UUID, under condition: IfMatch?, change: (inout WebhookEndpoint) -> Void
    ) async throws -> WebhookEndpoint {
        for _ in 0..<10 {
            guard var webhook = try await store.webhook(id, of: tenant) else { throw WebhookNotFound(id) }
            if case .oneOf(let revisions)? = condition, !revisions.contains(webhook.revision) {
                throw WebhookChanged(id, actual: webhook.revision)
            }
            let present = webhook
            change(&webhook)
            if webhook == present { return present }
            do { return try await store.save(webhook) } catch is WebhookChanged { continue }
        }
        throw Problem(.busy, headers: .retryAfter)
    }
}
