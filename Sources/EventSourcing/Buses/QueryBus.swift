/// Puts questions to read models, each in a span of its own and with its name in every log line.
public struct QueryBus<Reach: Sendable>: Sendable {
    private let makeReach: @Sendable (MessageContext) -> Reach
    private let progress: PositionSignal
    private let timeout: Duration

    /// - Parameters:
    ///   - progress: how far the read models have come.
    ///   - timeout: how long a query waits for a read model that is behind what its sender has seen.
    ///   - makeReach: gives a query the read models, bound to the context that it is asked in.
    public init(
        progress: PositionSignal, timeout: Duration = .seconds(5),
        reaching makeReach: @escaping @Sendable (MessageContext) -> Reach
    ) {
        self.progress = progress
        self.timeout = timeout
        self.makeReach = makeReach
    }

    /// Answers the query from a read model that has seen at least `position`.
    ///
    /// - Throws: ``ReadModelBehind`` when the read model has not come that far in time; else what the query throws.
    public func ask<Q: Query<Reach>>(
        _ query: Q, in context: MessageContext, atLeast position: Position = .start
    ) async throws -> Q.Answer {
        try await observed("query", Q.name, in: context) {
            if position == .start { return try await query.answer(from: makeReach(context)) }
            while true {
                let invalidations = progress.invalidations.position
                guard try await progress.wait(until: position, atMost: timeout) else {
                    throw ReadModelBehind(wanted: position, reached: progress.position)
                }
                let answer = try await query.answer(from: makeReach(context))
                // The read model may have lost what it had seen before it was asked.
                if progress.invalidations.position == invalidations { return answer }
            }
        }
    }
}

extension QueryBus {
    /// Waits until the read models have seen `position`; tells whether they have.
    ///
    /// - Parameter limit: how long to wait at the most; nil, or longer than the timeout of the bus, for that one.
    public func wait(until position: Position, atMost limit: Duration? = nil) async -> Bool {
        // A caller that has gone away does not look at the answer.
        (try? await progress.wait(until: position, atMost: min(limit ?? timeout, timeout))) ?? false
    }
}

/// A read model has not yet seen what the asker wants it to have seen. What was written is safe; ask again later.
public struct ReadModelBehind: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the caller wanted to be included.
    public let wanted: Position
    /// How far the read model had come.
    public let reached: Position

    /// For buses of one's own.
    public init(wanted: Position, reached: Position) {
        self.wanted = wanted
        self.reached = reached
    }

    /// Tells both positions.
    public var description: String {
        "the read model is at position \(reached), and has not reached \(wanted) in time; ask again, and if it stays "
            + "there, look in the program's log for why its projection has stopped"
    }
}
