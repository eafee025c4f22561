import Synchronization

/// Ownership among the tasks of one process, for tests and for programs that are alone.
public final class InMemoryOwnership: Ownership {
    /// Who wants each resource, in the order of their coming; the first of them owns it.
    private let turns = Mutex<[String: [OwnershipTurn]]>([:])

    /// Nothing is owned yet.
    public init() {}

    /// See ``Ownership/own(_:_:)``.
    public func own<Result: Sendable>(
        _ resource: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let turn = OwnershipTurn(at: resource)
        let isFirst = turns.withLock { turns in
            turns[resource, default: []].append(turn)
            return turns[resource]?.count == 1
        }
        if isFirst { turn.grant() }
        defer { leave(turn) }
        try await turn.wait()
        return try await turn.use(body)
    }

    /// Takes the resource from its owner, as if that had been cut off.
    public func revoke(_ resource: String) {
        turns.withLock { $0[resource]?.first }?.lose()
    }

    private func leave(_ turn: OwnershipTurn) {
        let next = turns.withLock { turns -> OwnershipTurn? in
            let wasFirst = turns[turn.resource]?.first === turn
            turns[turn.resource]?.removeAll { $0 === turn }
            if turns[turn.resource]?.isEmpty == true { turns[turn.resource] = nil }
            return wasFirst ? turns[turn.resource]?.first : nil
        }
        next?.grant()
    }
}
