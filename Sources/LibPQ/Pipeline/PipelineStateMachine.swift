import DequeModule

/// The books of one connection in pipeline mode: what was sent, in order, and what each reply means for it.
///
/// It knows neither libpq nor sockets: its owner tells it what it sends and feeds it the replies. A *group* is what
/// stands before one Sync, and with that one implicit transaction. The sequence of replies (libpq 15): each statement
/// gives its result and an `end`, each Sync gives `sync` without one; after a failure the rest of the group is
/// `aborted`; and what fails at the commit itself comes as a failure that no statement owns, before its `sync`.
struct PipelineStateMachine<Request: PipelineRequest, Rows> {
    typealias Outcome = Resolution<Request, Rows>

    private enum Slot {
        case query(Request, generation: Int)
        /// A query whose task was cancelled: its replies still come, and nobody wants them.
        case abandoned(StatementKey, generation: Int)
        case prepare(StatementKey, generation: Int)
        /// Something sent for the connection's own sake, whose result does not matter.
        case housekeeping
        case sync
        /// Several statements in one simple query, out of pipeline mode.
        case script(Request?, result: Result<Rows, PostgresError>?)
    }

    /// Connections that many tasks share must not be left inside a transaction by any of them: the writes of the others
    /// would seem committed.
    let isShared: Bool
    private var slots: Deque<Slot> = []
    private var syncs = 0
    private var statements: StatementCache
    /// Of the group at the head: what waits for its Sync, its first failure, and the statement that did not prepare.
    private var held: [Held] = []
    private var groupFailure: PostgresError?
    private var unprepared: (key: StatementKey, error: PostgresError)?

    private struct Held {
        let request: Request
        var result: Result<Rows, PostgresError>
    }

    init(isShared: Bool, statements: StatementCache = StatementCache()) {
        self.isShared = isShared
        self.statements = statements
    }

    /// Replies are still to come.
    var isBusy: Bool { !slots.isEmpty }

    /// Syncs that are not back: groups in flight.
    var groupsInFlight: Int { syncs }

    /// The slot at the head belongs to a script, so that the connection is out of pipeline mode.
    var isInScript: Bool {
        if case .script = slots.first { true } else { false }
    }
}

// MARK: - Sending

extension PipelineStateMachine {
    /// How to send a request that was just entered.
    struct Execution {
        let name: String
        /// The statement has to be prepared under the name first.
        let isNew: Bool
    }

    /// Enters a request as the next of the group that is being put together.
    mutating func append(_ request: Request) -> Execution {
        let (entry, isNew) = statements.entry(for: request.key)
        if isNew { slots.append(.prepare(request.key, generation: entry.generation)) }
        slots.append(.query(request, generation: entry.generation))
        return Execution(name: entry.name, isNew: isNew)
    }

    /// Enters a statement of the connection's own.
    mutating func appendHousekeeping() { slots.append(.housekeeping) }

    /// Ends the group with a Sync.
    mutating func seal() {
        slots.append(.sync)
        syncs += 1
    }

    /// Enters a script. Only while not busy.
    mutating func appendScript(_ request: Request) {
        precondition(!isBusy, "a script needs the connection for itself")
        slots.append(.script(request, result: nil))
    }

    /// Names of prepared statements to deallocate, which must be done between groups.
    mutating func evictStatements() -> [String] { statements.evict() }

    /// The server has forgotten all prepared statements, or will have by the next request.
    mutating func forgetStatements() { statements.removeAll() }

    /// Turns a request into a tombstone because its task was cancelled: the request, to be answered now.
    mutating func abandon(_ id: RequestID) -> Request? {
        if let index = held.firstIndex(where: { $0.request.id == id }) { return held.remove(at: index).request }
        for index in slots.indices {
            switch slots[index] {
            case .query(let request, let generation) where request.id == id:
                slots[index] = .abandoned(request.key, generation: generation)
                return request
            case .script(let request?, let result) where request.id == id:
                slots[index] = .script(nil, result: result)
                return request
            default: continue
            }
        }
        return nil
    }
}

// MARK: - Receiving

extension PipelineStateMachine {
    /// Takes the next reply, and appends what it decides.
    mutating func receive(_ reply: PipelineReply<Rows>, into outcomes: inout [Outcome]) -> PipelineVerdict {
        switch reply {
        case .lost: return .close(PostgresError(.connectionLost, "the server closed the connection"))
        case .failure(let failure) where failure.endsConnection:
            return .close(PostgresError(.connectionLost, failure.message))
        default: break
        }
        guard let head = slots.first else { return reply.isEnd ? .goOn : .close(Self.unexpected) }
        switch head {
        case .query(let request, let generation):
            return receive(reply, for: request, generation: generation, into: &outcomes)
        case .abandoned(let key, let generation):
            if case .failure(let failure) = reply, failure.meansStaleStatement {
                statements.forget(key, generation: generation)
            }
            return pop(reply)
        case .prepare(let key, let generation): return receive(reply, forPreparing: key, generation: generation)
        case .housekeeping: return pop(reply)
        case .sync: return receive(reply, forSyncInto: &outcomes)
        case .script(let request, let result):
            return receive(reply, forScriptOf: request, scriptResult: result, into: &outcomes)
        }
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, for request: Request, generation: Int, into outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        switch reply {
        case .began where isShared: return refuse(request, Self.transactionLeftOpen, into: &outcomes)
        case .unsupported: return refuse(request, Self.unsupported, into: &outcomes)
        case .rows(let rows), .began(let rows): settle(request, .success(rows), into: &outcomes)
        case .failure(let failure):
            let error = PostgresError(failure)
            groupFailure = groupFailure ?? error
            if failure.meansStaleStatement {
                statements.forget(request.key, generation: generation)
                if restart(request, into: &outcomes, if: \.survivesStaleStatement) { break }
            }
            settle(request, .failure(error), into: &outcomes)
        case .aborted:
            if let unprepared, unprepared.key == request.key {
                settle(request, .failure(unprepared.error), into: &outcomes)
            } else if request.policy == .read {
                var request = request
                request.attempts.countAbort()
                outcomes.append(.resend(request))
            } else {
                settle(request, .failure(groupFailure ?? Self.unexpected), into: &outcomes)
            }
        case .end: return .goOn
        case .sync, .lost: return .close(Self.unexpected)
        }
        slots.removeFirst()
        return .goOn
    }

    /// Fails the request at the head, which has made the connection unusable for the others.
    private mutating func refuse(
        _ request: Request, _ error: PostgresError, into outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        slots.removeFirst()
        outcomes.append(.failed(request, error))
        return .close(PostgresError(.connectionLost, "another statement has made the connection unusable"))
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, forPreparing key: StatementKey, generation: Int
    ) -> PipelineVerdict {
        switch reply {
        case .failure(let failure):
            let error = PostgresError(failure)
            groupFailure = groupFailure ?? error
            unprepared = (key, error)
            statements.forget(key, generation: generation)
        case .aborted: statements.forget(key, generation: generation)
        default: break
        }
        return pop(reply)
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, forSyncInto outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        switch reply {
        case .sync:
            slots.removeFirst()
            syncs -= 1
            for entry in held { outcomes.append(Self.outcome(of: entry)) }
            held.removeAll(keepingCapacity: true)
            groupFailure = nil
            unprepared = nil
            return .goOn
        case .failure(let failure):
            // The commit itself failed (a deferred constraint). The Sync is still to come.
            for index in held.indices {
                if case .success = held[index].result { held[index].result = .failure(PostgresError(failure)) }
            }
            return .goOn
        case .end: return .goOn
        default: return .close(Self.unexpected)
        }
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, forScriptOf request: Request?, scriptResult: Result<Rows, PostgresError>?,
        into outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        var result = scriptResult
        switch reply {
        case .rows(let rows), .began(let rows):
            if case .failure = result { break }
            result = .success(rows)
        case .failure(let failure):
            if case .failure = result { break }
            result = .failure(PostgresError(failure))
        case .end:
            slots.removeFirst()
            if let request {
                outcomes.append(
                    Self.outcome(of: Held(request: request, result: result ?? .failure(Self.unexpected))))
            }
            return .goOn
        case .unsupported:
            slots.removeFirst()
            if let request { outcomes.append(.failed(request, Self.unsupported)) }
            return .close(Self.unsupported)
        case .aborted, .sync, .lost: return .close(Self.unexpected)
        }
        slots[0] = .script(request, result: result)
        return .goOn
    }

    /// Takes the result of a slot that nobody waits for.
    private mutating func pop(_ reply: PipelineReply<Rows>) -> PipelineVerdict {
        switch reply {
        case .rows, .began, .aborted: break
        case .failure(let failure): groupFailure = groupFailure ?? PostgresError(failure)
        case .end: return .goOn
        case .sync, .lost, .unsupported: return .close(Self.unexpected)
        }
        slots.removeFirst()
        return .goOn
    }

    /// Answers a read at once, and holds everything else until its Sync: a completed command is not yet a commit.
    private mutating func settle(
        _ request: Request, _ result: Result<Rows, PostgresError>, into outcomes: inout [Outcome]
    ) {
        let entry = Held(request: request, result: result)
        if request.policy == .read {
            outcomes.append(Self.outcome(of: entry))
        } else {
            held.append(entry)
        }
    }

    private static func outcome(of entry: Held) -> Outcome {
        switch entry.result {
        case .success(let rows): .succeeded(entry.request, rows)
        case .failure(let error): .failed(entry.request, error)
        }
    }
}

// MARK: - Loss

extension PipelineStateMachine {
    /// Decides about everything in flight when the connection is gone, oldest first, and forgets it.
    mutating func lose(_ error: PostgresError, into outcomes: inout [Outcome]) {
        for entry in held {
            if case .failure = entry.result {
                outcomes.append(Self.outcome(of: entry))
            } else {
                lose(entry.request, error, into: &outcomes)
            }
        }
        for slot in slots {
            switch slot {
            case .query(let request, _), .script(let request?, _): lose(request, error, into: &outcomes)
            case .script(nil, _), .abandoned, .prepare, .housekeeping, .sync: break
            }
        }
        self = PipelineStateMachine(isShared: isShared, statements: StatementCache(capacity: statements.capacity))
    }

    private func lose(_ request: Request, _ error: PostgresError, into outcomes: inout [Outcome]) {
        if restart(request, into: &outcomes, if: { $0 == .read }) { return }
        let code: PostgresError.Code = request.policy.isUnknownAfterLoss ? .outcomeUnknown : error.code
        outcomes.append(.failed(request, PostgresError(code, error.message)))
    }

    /// Sends the request again if its policy allows it and it was not done too often.
    private func restart(
        _ request: Request, into outcomes: inout [Outcome], if allowed: (RequestPolicy) -> Bool
    ) -> Bool {
        var request = request
        guard allowed(request.policy), request.attempts.countRestart() else { return false }
        outcomes.append(.resend(request))
        return true
    }

    private static var unexpected: PostgresError {
        PostgresError(.connectionLost, "the server's replies are out of step with what was sent")
    }

    private static var unsupported: PostgresError {
        PostgresError(.unsupported, "COPY is not supported on this connection")
    }

    private static var transactionLeftOpen: PostgresError {
        PostgresError(.unsupported, "BEGIN is not allowed on a shared connection: use transaction(_:)")
    }
}

extension PipelineReply {
    fileprivate var isEnd: Bool { if case .end = self { true } else { false } }
}
