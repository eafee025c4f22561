/// One statement on its way to the server, and who waits for its answer: a reference, since it passes through queues.
struct Request: PipelineRequest, Sendable {
    private final class Content: Sendable {
        let id: RequestID
        let key: StatementKey
        let parameters: EncodedParameters
        let policy: RequestPolicy
        let made = CoarseInstant.now
        let deadline: CoarseInstant
        let addressee: Addressee

        init(
            id: RequestID, key: StatementKey, parameters: EncodedParameters, policy: RequestPolicy,
            deadline: CoarseInstant, addressee: Addressee
        ) {
            self.id = id
            self.key = key
            self.parameters = parameters
            self.policy = policy
            self.deadline = deadline
            self.addressee = addressee
        }
    }

    private let content: Content
    var attempts = RequestAttempts()

    init(
        id: RequestID, _ statement: PostgresStatement, _ parameters: EncodedParameters = .none, policy: RequestPolicy,
        deadline: CoarseInstant, addressee: Addressee
    ) {
        content = Content(
            id: id, key: StatementKey(statement: statement, signature: parameters.signature), parameters: parameters,
            policy: policy, deadline: deadline, addressee: addressee)
    }

    var id: RequestID { content.id }
    var key: StatementKey { content.key }
    var parameters: EncodedParameters { content.parameters }
    var policy: RequestPolicy { content.policy }
    var deadline: CoarseInstant { content.deadline }
    var addressee: Addressee { content.addressee }

    /// For how long it has been waiting, to a few milliseconds.
    func waited(until now: CoarseInstant) -> Duration { .milliseconds(max(0, now.since(content.made))) }

    /// Who gets the answer.
    enum Addressee: Sendable {
        case task(QueryContinuation)
        /// The listening connection itself: the answer to its n-th `LISTEN`.
        case listener(channel: String, generation: Int)
        /// The reader of a `COPY`, which is told the end.
        case reader(CopyOutChannel)
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
