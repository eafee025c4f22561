/// Time-outs of the requests on a connection.
extension PipelineConnection {
    /// No request's time is over before this.
    var nextRequestDeadline: CoarseInstant { min(pipeline.nextDeadline, waitingScript?.deadline ?? .never) }

    enum Expiry {
        /// Nothing was late.
        case none
        /// Somebody's time was over, and somebody else still waits for what was sent.
        case some
        /// Nobody waits any more, though the server may still be at work.
        case all
    }

    /// Fails the requests whose time is over.
    func expire(at now: CoarseInstant, _ deliver: (Resolution<Request, PostgresRows>) -> Void) -> Expiry {
        guard nextRequestDeadline <= now else { return .none }
        if let script = waitingScript, script.deadline <= now {
            waitingScript = nil
            deliver(.failed(script, .unsentTimeout))
        }
        pipeline.expire(at: now, into: &outcomes)
        let hasExpired = !outcomes.isEmpty
        deliverOutcomes(deliver)
        guard hasExpired else { return .none }
        return pipeline.isAwaited || waitingScript != nil ? .some : .all
    }
}
