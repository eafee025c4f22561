import CLibPQ
import DequeModule

extension PipelineConnection {
    /// Reads what the socket has and works off the replies that are complete.
    /// - Returns: why the connection cannot go on, if so.
    func receive(at now: Instant, _ deliver: (Resolution<Request, PostgresRows>) -> Void) -> PostgresError? {
        lastHeard = now
        pingDeadline = nil
        let isConnected = PQconsumeInput(handle) == 1
        var reason = drain()
        if reason == nil, !pipeline.isBusy, let query = waitingQuery.take(), !sendSimple(query) {
            reason = PostgresError(.connectionLost, "the statement could not be sent")
        }
        if reason == nil, !isConnected || PQstatus(handle) == CONNECTION_BAD {
            reason = PostgresError(.connectionLost, "the server closed the connection")
        }
        deliverOutcomes(deliver)
        return reason
    }

    /// Decides about all that is in flight; the connection is of no use afterwards.
    func lose(_ error: PostgresError, _ deliver: (Resolution<Request, PostgresRows>) -> Void) {
        pipeline.lose(error, into: &outcomes)
        for request in [waitingQuery.take()?.request, copyWrite.take()].compactMap({ $0 }) {
            outcomes.append(.failed(request, PostgresError(.connectionLost, error.message)))
        }
        deliverOutcomes(deliver)
    }

    func deliverOutcomes(_ deliver: (Resolution<Request, PostgresRows>) -> Void) {
        for outcome in outcomes { deliver(outcome) }
        outcomes.removeAll(keepingCapacity: true)
    }

    private func drain() -> PostgresError? {
        while pipeline.isBusy {
            switch copyFlow {
            case .out(let channel): guard receiveCopy(channel) else { return nil }
            case .into: return nil
            case nil: break
            }
            guard PQisBusy(handle) == 0 else { break }
            let wasInSimpleQuery = pipeline.isInSimpleQuery
            let reply = nextReply()
            if case .copy(let rows) = reply { beginCopy(rows) }
            if case .close(let error) = pipeline.receive(reply, into: &outcomes) { return error }
            if pipeline.groupsInFlight < sendTimes.count, let sent = sendTimes.popFirst() {
                roundTrips.append(lastHeard - sent)
            }
            guard wasInSimpleQuery, !pipeline.isInSimpleQuery else { continue }
            simpleQuerySent = nil
            if PQenterPipelineMode(handle) != 1 {
                return PostgresError(.connectionLost, "the connection did not return to pipeline mode")
            }
        }
        return nil
    }

    private func nextReply() -> PipelineReply<PostgresRows> {
        guard let result = PQgetResult(handle) else { return PQstatus(handle) == CONNECTION_BAD ? .lost : .end }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return .rows(PostgresRows(ResultHandle(result)))
        case PGRES_COPY_IN, PGRES_COPY_OUT: return .copy(PostgresRows(ResultHandle(result)))
        case PGRES_COMMAND_OK:
            let handle = ResultHandle(result)
            return handle.beginsTransaction ? .began(PostgresRows(handle)) : .rows(PostgresRows(handle))
        default: break
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC: return .sync
        case PGRES_PIPELINE_ABORTED: return .aborted
        case PGRES_FATAL_ERROR: return PostgresServerError(result: result).map { .failure($0) } ?? .lost
        default: return .unsupported
        }
    }

    /// The next notification that has arrived. It may come with any reply, and with none.
    func nextNotification() -> (channel: String, notification: PostgresNotification)? {
        guard let notify = PQnotifies(handle) else { return nil }
        defer { PQfreemem(notify) }
        return (
            String(cString: notify.pointee.relname),
            .received(payload: String(cString: notify.pointee.extra), processID: notify.pointee.be_pid)
        )
    }
}
