package import HTTPTypes

extension HTTPField.Name {
    /// The request's name, the caller's or one that was made up.
    package static let requestID = Self("X-Request-ID")!
    /// Where the request belongs in a distributed trace; see ``TraceContext``.
    package static let traceParent = Self("traceparent")!
    /// What tracing systems add to it.
    package static let traceState = Self("tracestate")!
    /// What a read has to have seen; see ``ConsistencyToken``.
    package static let consistencyToken = Self("Consistency-Token")!
    /// How the caller would like the answer to be (RFC 7240).
    package static let prefer = Self("Prefer")!
    package static let preferenceApplied = Self("Preference-Applied")!
    /// Makes a write one that is carried out once; see ``IdempotencyKey``.
    package static let idempotencyKey = Self("Idempotency-Key")!
    /// Says that an answer is that of the first time.
    package static let idempotencyReplayed = Self("Idempotency-Replayed")!
    /// Says that reads do not show a write yet.
    package static let readsBehind = Self("Reads-Behind")!
    /// The id of the last event that a listener has got.
    package static let lastEventID = Self("Last-Event-ID")!
    /// The pages beside a page (RFC 8288).
    package static let link = Self("Link")!
}
