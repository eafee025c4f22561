import CLibPQ

/// Each returns `false` if libpq refused, which means that the connection is lost.
extension PipelineConnection {
    /// Puts a request into the current group.
    func send(_ request: Request) -> Bool {
        unsealed.statements += 1
        if request.policy.beginsTransaction { unsealed.transactions += 1 }
        return send(request.call, pipeline.append(request))
    }

    /// Sends several statements as a group of their own.
    func send(atomic request: Request, _ calls: [PostgresCall]) -> Bool {
        let executions = pipeline.append(atomic: request, calls.map(\.key))
        unsealed = (calls.count, 1)
        return zip(calls, executions).allSatisfy(send) && sync()
    }

    private func send(_ call: PostgresCall, _ execution: PipelineStateMachine<Request, PostgresRows>.Execution) -> Bool
    {
        let count = Int32(call.parameters.count)
        return vectors.withVectors(of: call.parameters) { types, values, lengths, formats in
            if execution.isNew, PQsendPrepare(handle, execution.name, call.statement.sql, count, types) != 1 {
                return false
            }
            return PQsendQueryPrepared(handle, execution.name, count, values, lengths, formats, 1) == 1
        }
    }

    /// Ends the group, and writes it.
    func seal() -> Bool {
        pipeline.seal()
        return sync()
    }

    private func sync() -> Bool {
        sendTimes.append(.now)
        countGroup()
        return PQpipelineSync(handle) == 1 && flush()
    }

    private func countGroup() {
        if unsealed.statements == 0 || role == .listener {
            counters.countHousekeeping()
        } else {
            counters.countTrip(
                statements: unsealed.statements, transactions: role == .reads ? 1 : unsealed.transactions)
        }
        unsealed = (0, 0)
    }

    /// A statement of the connection's own, as a group of its own.
    func sendHousekeeping(_ sql: String) -> Bool {
        pipeline.appendHousekeeping()
        return PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 1) == 1 && seal()
    }

    /// Deallocates what the cache of prepared statements has no room for.
    func trimStatements() -> Bool {
        pipeline.evictStatements().allSatisfy { sendHousekeeping("DEALLOCATE \($0)") }
    }

    /// Leaves pipeline mode for one simple query.
    func sendSimple(_ query: SimpleQuery) -> Bool {
        guard !pipeline.isBusy else {
            waitingQuery = query
            return true
        }
        counters.countTrip(statements: 1, transactions: query.request.policy.beginsTransaction ? 1 : 0)
        simpleQuerySent = .now
        switch query.copy {
        case nil: pipeline.appendScript(query.request)
        case .into: pipeline.appendCopy(start: query.request, end: nil)
        case .out(let channel, let end):
            pipeline.appendCopy(start: query.request, end: end)
            copyReader = channel
        }
        return PQexitPipelineMode(handle) == 1 && PQsendQuery(handle, query.request.key.statement.sql) == 1 && flush()
    }

    /// Asks for a sign of life, with an empty group.
    func ping(until deadline: Instant) -> Bool {
        pingDeadline = deadline
        return seal()
    }

    func flush() -> Bool {
        let answer = PQflush(handle)
        needsWrite = answer == 1
        return answer >= 0
    }
}

extension PipelineConnection {
    /// Removes the request whose task was cancelled, if it is here. A sent statement runs on, and its result is dropped.
    func abandon(_ id: RequestID) -> Request? {
        if waitingQuery?.request.id == id { return waitingQuery.take()?.request }
        if copyWrite?.id == id { return copyWrite.take() }
        return pipeline.abandon(id)
    }

    /// Something was sent whose answer is not there.
    var isBusy: Bool { pipeline.isBusy || waitingQuery != nil }
}
