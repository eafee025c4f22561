import EventSourcing
import HTTPConventions
import Hummingbird

/// Sends events to a webhook on demand.
extension WebhookController {
    func addDeliveryRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.post("/webhooks/:id/test", use: test)
        group.post("/webhooks/:id/replay", use: replay)
    }

    /// Sends a test, and answers with the outcome. A disabled webhook can be tested, too.
    @Sendable private func test(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        let webhook = try await webhook(of: request, in: context)
        let delivery = await ports.tester.test(webhook)
        try await store.record([delivery], of: webhook.id)
        return .json { $0.webhookDelivery(delivery) }
    }

    @Sendable private func replay(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        let id = try id(of: request, in: context)
        guard let body = try await request.json() else {
            throw Problem(.malformedJSON, "The body is empty. Send an object with afterPosition, since or eventId.")
        }
        let replay = try ObjectReader.read(body) { WebhookReplay(&$0) }.value
        let position: Position
        do {
            position = try await store.replay(replay, to: id, of: tenant)
        } catch is WebhookEventNotFound {
            throw Problem.validationFailed([
                ProblemError(
                    .member("eventId"), .unknownEvent,
                    "There is no such event, or the webhook does not receive events of its type.")
            ])
        }
        return .json(.accepted) { json in
            json.object { json in
                if case .event = replay {
                    json.member("position", position.rawValue)
                } else {
                    json.member("position", min(position.rawValue, .max - 1) + 1)
                }
            }
        }
    }
}
