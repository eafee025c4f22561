/// Loads aggregates, and can change none: the half of an ``AggregateStore`` that a query may use.
public struct AggregateReader<State: EventSourced>: Sendable {
    private let reader: any EventReader
    private let snapshots: Snapshots<State>?

    /// - Parameter snapshots: for streams that grow long; without it every load folds the whole stream.
    public init(_ reader: any EventReader, snapshots: Snapshots<State>? = nil) {
        self.reader = reader
        self.snapshots = snapshots
    }

    /// The state of a stream and its last revision; the empty state and nil for a stream that does not exist.
    ///
    /// - Throws: ``UndecodableEvent`` when a stored event cannot be read.
    public func load(_ stream: StreamName) async throws -> Loaded<State> {
        guard let snapshots else { return try await fold(stream, onto: Loaded()) }
        let start = ContinuousClock.now
        var loaded: Loaded<State>?
        if let candidate = await snapshots.candidate(for: stream) {
            loaded = try await readOn(from: candidate, in: stream)
            if loaded == nil { await snapshots.discard(stream) }
        }
        let present: Loaded<State>
        if let loaded { present = loaded } else { present = try await fold(stream, onto: Loaded()) }
        snapshots.note(present, of: stream, loadTime: .now - start)
        return present
    }

    /// The state that the stream had at a moment of its history.
    ///
    /// - Throws: ``UndecodableEvent`` when a stored event cannot be read.
    public func load(_ stream: StreamName, asOf moment: Moment) async throws -> Loaded<State> {
        if case .revision(let last) = moment, let candidate = await snapshots?.candidate(for: stream),
            let revision = candidate.revision, revision <= last,
            let loaded = try await readOn(from: candidate, in: stream, asOf: moment)
        {
            return loaded
        }
        var loaded = Loaded<State>()
        for try await record in reader.events(of: stream, pageSize: 100) {
            guard moment.includes(record) else { break }
            try loaded.take(record)
        }
        return loaded
    }

    /// Folds what follows in the stream.
    private func fold(_ stream: StreamName, onto start: Loaded<State>) async throws -> Loaded<State> {
        var loaded = start
        try await reader.readAll(stream, from: loaded.revision?.next ?? .first) { try loaded.take($0) }
        return loaded
    }

    /// Folds what follows a state, once the event that it ends with is found in the stream.
    ///
    /// - Returns: nil when it is not found: the state is of another history.
    private func readOn(
        from candidate: Loaded<State>, in stream: StreamName, asOf moment: Moment? = nil
    ) async throws -> Loaded<State>? {
        var loaded = candidate
        var isChecked = false
        for try await record in reader.events(of: stream, from: candidate.revision) {
            if isChecked {
                guard moment?.includes(record) ?? true else { break }
                try loaded.take(record)
            } else {
                guard candidate.ends(with: record) else { return nil }
                isChecked = true
            }
        }
        return isChecked ? loaded : nil
    }
}
