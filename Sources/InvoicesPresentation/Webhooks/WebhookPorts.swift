package import EventSourcing

/// What the API of webhooks works on.
package struct WebhookPorts: Sendable {
    let store: any WebhookStore
    let tester: any WebhookTester
    let policy: WebhookNetworkPolicy

    /// - Parameters:
    ///   - tester: sends the event of a test.
    ///   - policy: which addresses a webhook may have.
    package init(store: any WebhookStore, tester: any WebhookTester, policy: WebhookNetworkPolicy) {
        self.store = store
        self.tester = tester
        self.policy = policy
    }
}
