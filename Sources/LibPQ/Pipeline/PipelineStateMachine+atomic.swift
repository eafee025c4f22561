import DequeModule

/// Atomic requests: several statements with one Sync, which the server commits or undoes together.
extension PipelineStateMachine {
    /// Enters an atomic request: a group of its own, statement by statement, with the Sync at its end.
    mutating func append(atomic request: Request, _ keys: some Sequence<StatementKey>) -> [Execution] {
        let executions = keys.map { key in
            let (entry, isNew) = statements.entry(for: key)
            if isNew { slots.append(.prepare(key, generation: entry.generation)) }
            slots.append(.part(key, generation: entry.generation))
            return Execution(name: entry.name, isNew: isNew)
        }
        slots.append(.sync(atomic: request))
        groupsInFlight += 1
        nextDeadline = min(nextDeadline, request.deadline)
        return executions
    }

    mutating func receive(
        _ reply: PipelineReply<Rows>, forPart key: StatementKey, generation: Int
    ) -> PipelineVerdict {
        switch reply {
        case .rows(let rows): parts.append(rows)
        case .failure(let failure):
            noteFailure(PostgresError(failure))
            if failure.meansStaleStatement {
                statements.forget(key, generation: generation)
                isRepeatable = true
            }
            if losesSession(failure) { isRepeatable = true }
        case .aborted:
            // Where one was stale the others may be too, and there is a limit to how often the request is sent again.
            if isRepeatable { statements.forget(key, generation: generation) }
        case .end: return .goOn
        // It may be committed all the same, if it was a COPY, and is unknown therefore.
        case .began, .unsupported, .sync, .lost, .copy: return .close(Self.unexpected)
        }
        slots.removeFirst()
        return .goOn
    }

    /// Notes the first failure of the group at the head and, in an atomic request, which statement it was.
    mutating func noteFailure(_ error: PostgresError) {
        guard groupFailure == nil else { return }
        var error = error
        if atomicRequestAtHead != nil { error.statementIndex = parts.count }
        groupFailure = error
    }

    /// Answers an atomic request, whose Sync is back.
    mutating func conclude(_ request: Request, into outcomes: inout [Outcome]) {
        guard let groupFailure else { return outcomes.append(.committed(request, parts)) }
        // Nothing of it has happened, so that it may be made again.
        if isRepeatable, restart(request, into: &outcomes, if: \.survivesStaleStatement) { return }
        outcomes.append(.failed(request, groupFailure))
    }

    /// The atomic request at the head, if it is known to have failed, though its Sync is still to come.
    var failedAtomicRequest: (request: Request, error: PostgresError)? {
        guard let groupFailure, let request = atomicRequestAtHead else { return nil }
        return (request, groupFailure)
    }

    /// The request that the group at the head is, if it is an atomic one.
    var atomicRequestAtHead: Request? {
        for case .sync(let request) in slots { return request }
        return nil
    }
}
