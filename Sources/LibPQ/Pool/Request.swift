/// One statement on its way to the server, and who waits for its answer.
struct Request: PipelineRequest, Sendable {
    let id: RequestID
    let key: StatementKey
    let parameters: EncodedParameters
    let policy: RequestPolicy
    let addressee: Addressee
    var attempts = RequestAttempts()

    init(
        id: RequestID, _ statement: PostgresStatement, _ parameters: EncodedParameters = .none, policy: RequestPolicy,
        addressee: Addressee
    ) {
        self.id = id
        self.key = StatementKey(statement: statement, signature: parameters.signature)
        self.parameters = parameters
        self.policy = policy
        self.addressee = addressee
    }

    /// Who gets the answer.
    enum Addressee: Sendable {
        case task(QueryContinuation)
        /// The listening connection itself: the answer to its n-th `LISTEN`.
        case listener(channel: String, generation: Int)
        /// Nobody: a `BEGIN` in front of the first statement, whose failure that statement reports.
        case nobody
    }
}

#if DEBUG
typealias QueryContinuation = CheckedContinuation<PostgresRows, any Error>
#else
typealias QueryContinuation = UnsafeContinuation<PostgresRows, any Error>
#endif

/// Suspends the task until its request is answered. Checked in debug builds; in release builds the state machine's
/// tests stand for "exactly once", and the check's allocation is saved.
func withQueryContinuation(_ body: (QueryContinuation) -> Void) async throws -> PostgresRows {
    #if DEBUG
    try await withCheckedThrowingContinuation(body)
    #else
    try await withUnsafeThrowingContinuation(body)
    #endif
}
