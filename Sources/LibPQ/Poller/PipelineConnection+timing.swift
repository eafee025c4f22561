/// Time-outs of the requests on a connection.
extension PipelineConnection {
    /// No request's time is over before this.
    var nextRequestDeadline: CoarseInstant {
        min(pipeline.nextDeadline, waitingQuery?.request.deadline ?? .never, copyWrite?.deadline ?? .never)
    }

    enum Expiry {
        /// Nothing was late.
        case none
        /// A request has timed out, and others still wait for what was sent.
        case some
        /// Nobody waits any more, though the server may still be at work.
        case all
    }

    /// Fails the requests whose time is over.
    func expire(at now: CoarseInstant, _ deliver: (Resolution<Request, PostgresRows>) -> Void) -> Expiry {
        guard nextRequestDeadline <= now else { return .none }
        if let request = waitingQuery?.request, request.deadline <= now {
            waitingQuery = nil
            outcomes.append(.failed(request, .unsentTimeout))
        }
        if let request = copyWrite, request.deadline <= now {
            copyWrite = nil
            outcomes.append(.failed(request, .timeout(isUnknown: false)))
        }
        pipeline.expire(at: now, into: &outcomes)
        let hasExpired = !outcomes.isEmpty
        deliverOutcomes(deliver)
        guard hasExpired else { return .none }
        return pipeline.isAwaited || waitingQuery != nil ? .some : .all
    }
}
