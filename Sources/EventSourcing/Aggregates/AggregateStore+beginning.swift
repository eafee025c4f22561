extension AggregateStore {
    /// Begins streams with the events that were decided for them: all of them or none, in one append.
    ///
    /// It is for decisions on states that are known to be empty, because the streams have just been named: nothing is
    /// loaded.
    ///
    /// - Parameters:
    ///   - streams: each with its first events, in the order that they are to have in the log.
    ///   - context: on whose behalf; it ends up in the metadata of every event.
    ///   - command: handled once: when it comes again, nothing is written, and the answer is that of the first time.
    ///   - outcome: what is kept with the command; see ``Append/outcome``.
    /// - Throws: ``WrongExpectedRevision`` when one of the streams exists; ``AppendRejected`` when there are no events,
    ///   or more than the store takes at once; ``CommandIDReused``; ``TenantMismatch`` when a stream is not of the
    ///   context's tenant.
    public func begin(
        _ streams: [(stream: StreamName, events: [State.Event])], in context: MessageContext,
        by command: CommandKey? = nil, keeping outcome: [UInt8]? = nil
    ) async throws -> Begun<State> {
        let parts = try streams.map { stream, events in
            guard stream.tenant == context.tenant else { throw TenantMismatch(stream: stream, tenant: context.tenant) }
            return StreamAppend(try self.events(events, in: context), to: stream, expecting: .noStream)
        }
        let appended = try await store.append(Append(parts, by: command, outcome: outcome))
        var states: [StreamName: Loaded<State>] = [:]
        if appended.isRepetition {
            for (stream, revision) in appended.revisions {
                states[stream] = try await load(stream, asOf: .revision(revision))
            }
        } else {
            for record in appended.events { try states[record.stream, default: Loaded()].take(record) }
            for (stream, loaded) in states { cache?.insert(loaded, for: stream) }
        }
        return Begun(states: states, outcome: appended)
    }
}

/// Streams that were begun together: now, or when their command was handled first.
public struct Begun<State: EventSourced>: Sendable {
    /// The states after the streams' first events.
    public let states: [StreamName: Loaded<State>]
    /// Where the append ended.
    public let outcome: AppendOutcome
}
