import FoundationEssentials

/// What an ``InMemoryEventStore`` holds.
struct InMemoryLog {
    /// The event at position n stands at place n - 1.
    private(set) var events: [RecordedEvent] = []
    /// The places of each stream's events.
    private(set) var streams: [StreamName: [Int]] = [:]
    /// The tags of events by their places; of those that have any.
    private(set) var tags: [Int: Set<EventTag>] = [:]
    /// The places of archived events; here an archive is no more than that.
    private var archived = Set<Int>()
    /// The last number of each sequence.
    private var sequences: [TenantID: [SequenceName: Int64]] = [:]
    private(set) var commands: [TenantID: [String: (command: HandledCommand, handledAt: Date)]] = [:]

    /// Appends all parts, or throws and changes nothing.
    mutating func append(_ append: Append, at now: Date) throws -> AppendOutcome {
        if let command = append.command, let known = commands[append.streams[0].stream.tenant]?[command.id] {
            return try known.command.outcome(for: command)
        }
        if let first = try firstOutcome(of: append) { return first }
        for part in append.streams where !part.expected.isMet(by: lastRevision(of: part.stream)) {
            throw WrongExpectedRevision(
                stream: part.stream, expected: part.expected, actual: lastRevision(of: part.stream))
        }
        if let condition = append.condition,
            let event = events(
                selectedBy: condition.query, in: append.streams[0].stream.tenant, after: condition.position
            ).first
        {
            throw AppendConditionFailed(condition, position: event.position)
        }
        let recordedAt = time(of: now)
        var recorded: [RecordedEvent] = []
        for part in append.streams {
            for event in part.events { recorded.append(record(event, in: part.stream, at: recordedAt)) }
        }
        let (revisions, position) = (lastRevisions(of: append), Position(Int64(events.count)))
        if let command = append.command {
            let outcome = AppendOutcome(revisions: revisions, position: position, commandOutcome: append.outcome)
            commands[append.streams[0].stream.tenant, default: [:]][command.id] = (
                HandledCommand(key: command, outcome: outcome), recordedAt
            )
        }
        return AppendOutcome(
            revisions: revisions, position: position, events: recorded, commandOutcome: append.outcome)
    }

    mutating func purgeCommands(handledBefore time: Date) -> Int {
        let before = commands.values.reduce(0) { $0 + $1.count }
        commands = commands.mapValues { $0.filter { $0.value.handledAt >= time } }
        return before - commands.values.reduce(0) { $0 + $1.count }
    }

    func event(_ revision: Revision, of stream: StreamName) -> RecordedEvent? {
        guard let places = streams[stream], places.indices.contains(Int(revision.rawValue)) else { return nil }
        return events[places[Int(revision.rawValue)]]
    }

    /// The events of a tenant that a query selects, in order.
    func events(
        selectedBy query: EventQuery, in tenant: TenantID, after start: Position
    ) -> some Collection<RecordedEvent> {
        events.indices.dropFirst(Int(start.rawValue)).lazy
            .filter { place in
                let event = events[place]
                return event.tenant == tenant
                    && query.matches(event.type, in: event.stream, tagged: tags[place] ?? [])
            }.map { events[$0] }
    }

    mutating func redact(_ event: RecordedEvent) {
        let place = Int(event.position.rawValue) - 1
        events[place] = event.replacing(data: .redacted)
        tags[place] = nil
    }

    mutating func archive(before position: Position) -> Int {
        let before = archived.count
        archived.formUnion(0..<max(0, min(Int(position.rawValue), events.count) - 1))
        return archived.count - before
    }

    mutating func restore(_ stream: StreamName) -> Int {
        let before = archived.count
        archived.subtract(streams[stream] ?? [])
        return before - archived.count
    }

    private func lastRevision(of stream: StreamName) -> Revision? {
        streams[stream].map { Revision(Int64($0.count - 1)) }
    }

    private func lastRevisions(of append: Append) -> [StreamName: Revision] {
        var revisions: [StreamName: Revision] = [:]
        for part in append.streams { revisions[part.stream] = lastRevision(of: part.stream) }
        return revisions
    }

    /// Where these events ended up when they were appended before; nil when they are new.
    private func firstOutcome(of append: Append) throws -> AppendOutcome? {
        var revisions = lastRevisions(of: append)
        var (known, position) = (0, Position.start)
        for part in append.streams where !part.events.isEmpty {
            let ids = Set(part.events.map(\.id))
            let stored = (streams[part.stream] ?? []).map { events[$0] }.filter { ids.contains($0.id) }
            guard let first = stored.first, let last = stored.last else { continue }
            let isContiguous = last.revision.rawValue - first.revision.rawValue == stored.count - 1
            guard isContiguous, stored.map(\.id) == part.events.map(\.id) else {
                throw AppendRejected(stream: append.streams[0].stream, reason: .partlyAppended)
            }
            known += 1
            position = max(position, last.position)
            revisions[part.stream] = last.revision
        }
        guard known > 0 else { return nil }
        guard known == append.streams.count(where: { !$0.events.isEmpty }) else {
            throw AppendRejected(stream: append.streams[0].stream, reason: .partlyAppended)
        }
        return AppendOutcome(revisions: revisions, position: position, isRepetition: true)
    }

    /// The clock's time. A step back of up to a second is held at the last time; after a larger step the time is the clock's.
    private func time(of now: Date) -> Date {
        guard let last = events.last?.recordedAt, last > now, last <= now + 1 else { return now }
        return last
    }

    private mutating func record(_ event: NewEvent, in stream: StreamName, at time: Date) -> RecordedEvent {
        let record = RecordedEvent(
            event, in: stream, revision: Revision(Int64(streams[stream]?.count ?? 0)),
            position: Position(Int64(events.count + 1)), recordedAt: time,
            number: event.sequence.map { nextNumber(in: $0, of: stream.tenant) })
        streams[stream, default: []].append(events.count)
        if !event.tags.isEmpty { tags[events.count] = event.tags }
        // Readers decode the event, as they do when they read it from a database.
        events.append(record.replacing(data: record.data))
        return record
    }

    private mutating func nextNumber(in sequence: SequenceName, of tenant: TenantID) -> Int64 {
        sequences[tenant, default: [:]][sequence, default: 0] += 1
        return sequences[tenant, default: [:]][sequence, default: 0]
    }
}
