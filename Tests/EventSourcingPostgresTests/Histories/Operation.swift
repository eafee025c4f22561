import EventSourcing
import FoundationEssentials

/// Something that is done to a store.
enum Operation: Sendable {
    case append(Append)
    case redact(Revision, of: StreamName, by: TenantID)
    case archive(before: Position)
    case restore(StreamName)
    case purgeCommands(handledBefore: Date)

    /// What came of it; comparable between stores, errors included.
    enum Answer: Equatable {
        case appended(AppendOutcome)
        case redacted(Bool)
        case moved(Int)
        case refused(String)
    }

    func perform(on store: some EventStore, _ administration: some EventStoreAdministration) async -> Answer {
        do {
            switch self {
            case .append(let append): return .appended(try await store.append(append).comparable)
            case .redact(let revision, let stream, let tenant):
                let context = MessageContext(
                    tenant: tenant, correlationID: "history", source: "tests", now: Date(timeIntervalSince1970: 1e9))
                return .redacted(try await administration.redact(revision, of: stream, reason: "asked", in: context))
            case .archive(let position): return .moved(try await administration.archive(before: position))
            case .restore(let stream): return .moved(try await administration.restore(stream))
            case .purgeCommands(let time):
                return .moved(try await administration.purgeCommands(handledBefore: time))
            }
        } catch {
            return .refused(String(reflecting: error))
        }
    }
}

/// Something that is asked of a store.
enum Question: Sendable {
    case stream(StreamName, from: Revision?, ReadDirection, limit: Int)
    case log(after: Position?, ReadDirection, LogFilter, limit: Int)
    case query(EventQuery, TenantID, after: Position, limit: Int)
    case tags([Position], TenantID)
    case command(String, TenantID)
    case head

    enum Answer: Equatable {
        case events([RecordedEvent])
        case selected(SelectedEvents)
        case tags([Position: Set<EventTag>])
        case command(HandledCommand?)
        case head(Position)
    }

    func ask(_ store: some EventStore) async throws -> Answer {
        switch self {
        case .stream(let stream, let start, let direction, let limit):
            .events(try await store.read(stream, from: start, direction, limit: limit).map(\.comparable))
        case .log(let start, let direction, let filter, let limit):
            .events(
                try await store.readLog(after: start, direction, matching: filter, limit: limit).map(\.comparable))
        case .query(let query, let tenant, let start, let limit):
            .selected(try await store.read(query, in: tenant, after: start, limit: limit).comparable)
        case .tags(let positions, let tenant): .tags(try await store.tags(of: positions, in: tenant))
        case .command(let id, let tenant): .command(try await store.handledCommand(id, in: tenant))
        case .head: .head(try await store.head())
        }
    }
}

extension AppendOutcome {
    /// With the events as they are comparable between stores.
    var comparable: AppendOutcome {
        AppendOutcome(
            revisions: revisions, position: position, events: events.map(\.comparable), isRepetition: isRepetition,
            commandOutcome: commandOutcome)
    }
}

extension SelectedEvents {
    /// With the events as they are comparable between stores.
    var comparable: SelectedEvents { SelectedEvents(events: events.map(\.comparable), position: position) }
}

extension RecordedEvent {
    /// Without what no two stores have in common: their clocks, and the ids that they choose for redaction notices.
    var comparable: RecordedEvent {
        let isNotice = type.rawValue == RedactionEvent.Name.redacted.rawValue
        return RecordedEvent(
            position: position, stream: stream, revision: revision, id: isNotice ? Self.noticeID : id, type: type,
            data: data, metadata: metadata, recordedAt: .distantPast, number: number)
    }

    private static let noticeID = UUID()
}
