/// A request to the server with the continuation of its task: a reference, since it passes through queues.
///
/// It is one statement, or several that are committed together (``Addressee/atomic(_:)``).
struct Request: PipelineRequest, Sendable {
    private final class Content: Sendable {
        let id: RequestID
        let call: PostgresCall
        /// The statements that travel behind it, if it is atomic.
        let others: [PostgresCall]
        let policy: RequestPolicy
        let made = CoarseInstant.now
        let deadline: CoarseInstant
        let addressee: Addressee

        init(
            id: RequestID, _ call: PostgresCall, _ others: [PostgresCall], policy: RequestPolicy,
            deadline: CoarseInstant, addressee: Addressee
        ) {
            self.id = id
            self.call = call
            self.others = others
            self.policy = policy
            self.deadline = deadline
            self.addressee = addressee
        }
    }

    private let content: Content
    var attempts = RequestAttempts()

    init(
        id: RequestID, _ call: PostgresCall, and others: [PostgresCall] = [], policy: RequestPolicy,
        deadline: CoarseInstant, addressee: Addressee
    ) {
        content = Content(id: id, call, others, policy: policy, deadline: deadline, addressee: addressee)
    }

    var id: RequestID { content.id }
    var key: StatementKey { content.call.key }
    var call: PostgresCall { content.call }
    var policy: RequestPolicy { content.policy }
    var deadline: CoarseInstant { content.deadline }
    var addressee: Addressee { content.addressee }

    /// For how long it has been waiting, to a few milliseconds.
    func waited(until now: CoarseInstant) -> Duration { .milliseconds(max(0, now.since(content.made))) }

    /// All its statements if it is atomic, else `nil`.
    var atomicCalls: [PostgresCall]? {
        if case .atomic = content.addressee { [content.call] + content.others } else { nil }
    }

    /// Who gets the answer.
    enum Addressee: Sendable {
        case task(QueryContinuation)
        /// A task that waits for several statements, which are committed together.
        case atomic(RequestContinuation<[PostgresRows]>)
        /// The listening connection itself: the answer to its n-th `LISTEN`.
        case listener(channel: String, generation: Int)
        /// The reader of a `COPY`, which is told the end.
        case reader(CopyOutChannel)
        /// Nobody: a `BEGIN` in front of the first statement, whose failure that statement reports.
        case nobody
    }
}

#if DEBUG
typealias RequestContinuation<Answer> = CheckedContinuation<Answer, any Error>
#else
typealias RequestContinuation<Answer> = UnsafeContinuation<Answer, any Error>
#endif

typealias QueryContinuation = RequestContinuation<PostgresRows>

/// Suspends the task until its request is answered. Checked in debug builds; in release builds the state machine's
/// tests stand for "exactly once", and the check's allocation is saved.
func withRequestContinuation<Answer>(_ body: (RequestContinuation<Answer>) -> Void) async throws -> Answer {
    #if DEBUG
    try await withCheckedThrowingContinuation(body)
    #else
    try await withUnsafeThrowingContinuation(body)
    #endif
}
