public import FoundationEssentials

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
        return snapshots.note(present, of: stream, loadTime: .now - start)
    }

    /// The state that the stream had at a moment of its history.
    ///
    /// - Parameter now: the time by the reader's clock. An event that tells a later one was dated by a clock that was ahead: it
    ///   counts from the last event on that comes before it in the log and tells none.
    /// - Throws: ``UndecodableEvent`` when a stored event cannot be read.
    public func load(
        _ stream: StreamName, asOf moment: Moment, now: Date = .distantFuture
    ) async throws -> Loaded<State> {
        guard let last = try await lastRevision(of: stream, asOf: moment, now: now) else { return Loaded() }
        if let candidate = await snapshots?.candidate(for: stream), let revision = candidate.revision, revision <= last,
            let loaded = try await readOn(from: candidate, in: stream, upTo: last)
        {
            return loaded
        }
        var loaded = Loaded<State>()
        for try await record in reader.events(of: stream, pageSize: 100) {
            guard record.revision <= last else { break }
            try loaded.take(record)
        }
        return loaded
    }

    /// The revision of the last event that had happened; nil when none had.
    private func lastRevision(of stream: StreamName, asOf moment: Moment, now: Date) async throws -> Revision? {
        switch moment {
        case .revision(let revision):
            return revision
        case .time(let time):
            // The result of the last search. It is also the result for every event between it and the event it was searched for.
            var preceding: (position: Position, time: Date)?
            for try await record in reader.events(of: stream, .backwards, pageSize: 100) {
                if record.happenedAt <= time { return record.revision }
                guard record.happenedAt > now else { continue }
                if preceding.map({ record.position <= $0.position }) ?? true {
                    preceding = try await lastEvent(before: record.position, notAfter: now)
                }
                if let preceding, preceding.time <= time { return record.revision }
            }
            return nil
        }
    }

    /// The position and the time of the last event before a position that tells no time later than `now`; the start of the
    /// log, and the distant past, when there is none.
    private func lastEvent(before position: Position, notAfter now: Date) async throws -> (Position, Date) {
        for try await record in reader.log(after: position, .backwards) where record.happenedAt <= now {
            return (record.position, record.happenedAt)
        }
        return (.start, .distantPast)
    }

    /// Up to `limit` events of a stream as they are stored.
    func page(of stream: StreamName, from first: Revision, limit: Int) async throws -> [RecordedEvent] {
        try await reader.read(stream, from: first, .forwards, limit: limit)
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
        from candidate: Loaded<State>, in stream: StreamName, upTo last: Revision? = nil
    ) async throws -> Loaded<State>? {
        var loaded = candidate
        var isChecked = false
        for try await record in reader.events(of: stream, from: candidate.revision) {
            if isChecked {
                if let last, record.revision > last { break }
                try loaded.take(record)
            } else {
                guard candidate.ends(with: record) else { return nil }
                isChecked = true
            }
        }
        return isChecked ? loaded : nil
    }
}
