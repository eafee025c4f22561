/// What was found when something that the service depends on was looked at.
package struct HealthCheck: Hashable, Sendable {
    /// What was looked at: `event-store`.
    package let name: String
    /// Why it failed, in words that may be shown to anybody; nil when it is well.
    package let failure: String?

    package init(name: String, failure: String? = nil) {
        self.name = name
        self.failure = failure
    }
}
