import EventSourcing
import Foundation
import Testing

@Suite struct WebhookValueTests {
    @Test func `a secret is text for the receiver, and nothing in a log`() throws {
        let secret = WebhookSecret.random()
        #expect(secret.bytes.count == 32)
        #expect(WebhookSecret(text: secret.text) == secret)
        #expect(WebhookSecret.random() != secret)
        var dumped = ""
        dump(WebhookSecrets(current: secret), to: &dumped)
        let base64 = String(secret.text.dropFirst(6))
        #expect(!"\(secret) \(WebhookSecrets(current: secret))".contains(base64) && !dumped.contains(base64))
    }

    @Test(arguments: [
        "", "whsec_", "secret", "whsec_short", "whsec_!!!!", "whsec_" + Data(count: 65).base64EncodedString(),
    ])
    func `any other text is no secret`(text: String) {
        #expect(WebhookSecret(text: text) == nil)
    }

    @Test func `after a rotation both secrets are active until the time`() throws {
        let (old, new, now) = (WebhookSecret.random(), WebhookSecret.random(), Date())
        var endpoint = WebhookEndpoint(
            id: .v7(), tenant: try TenantID("acme"), url: try WebhookURL("https://example.com/"), secret: old,
            createdAt: now)
        #expect(endpoint.secrets.active(at: now) == [old])
        endpoint.rotate(to: new, keepingPreviousUntil: now.addingTimeInterval(60))
        #expect(endpoint.secrets.active(at: now.addingTimeInterval(59)) == [new, old])
        #expect(endpoint.secrets.active(at: now.addingTimeInterval(60)) == [new])
    }

    @Test(arguments: [
        [], ["invoices"], ["invoices.*.paid"], ["*.paid"], ["**"], ["invoices.invoice.paid"], [""], [".*"],
        ["Invoices.*"], (0...50).map { "invoices.invoice.paid.v\($0 + 1)" },
    ])
    func `patterns that no type can have are refused`(patterns: [String]) {
        #expect(throws: InvalidName.self) { try WebhookEventTypes(patterns) }
    }

    @Test func `patterns are a filter`() throws {
        let tenant = try TenantID("acme")
        let types = try WebhookEventTypes(["invoices.invoice.*", "crm.person.moved.v1", "invoices.invoice.*"])
        #expect(types.patterns == ["crm.person.moved.v1", "invoices.invoice.*"])
        #expect(types.filter(of: tenant).types == [try EventType("crm.person.moved.v1")])
        #expect(types.filter(of: tenant).typePrefixes == [try EventTypePrefix("invoices.invoice.")])
        #expect(types.matches("invoices.invoice.paid.v1") && types.matches("crm.person.moved.v1"))
        #expect(!types.matches("invoices.invoices.paid.v1") && !types.matches("crm.person.moved.v2"))
        #expect(try WebhookEventTypes(["crm.a.b.v1", "*"]).filter(of: tenant) == LogFilter(tenant: tenant))
    }
}
