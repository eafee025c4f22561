import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import Logging

/// What the clocks of the service and of the event store say of each other, and of the log.
struct ClockCheck {
    /// By the service's clock.
    let now: Date
    let store: ClockReport
    /// The last events of the log.
    let lastEvents: [RecordedEvent]

    /// Clocks that differ by less, in seconds, are well.
    private static let tolerance: TimeInterval = 5
    private static let lastEventCount = 100

    init(now: Date, store: ClockReport, lastEvents: [RecordedEvent]) {
        self.now = now
        self.store = store
        self.lastEvents = lastEvents
    }

    /// Two trips, which cost the same however long the log is.
    init(of store: PostgresEventStore) async throws {
        let events = try await store.readLog(after: nil, .backwards, limit: Self.lastEventCount)
        let report = try await store.clockReport()
        self.init(now: Date(), store: report, lastEvents: events)
    }

    /// A sentence with the cause and the remedy, and the values that it is about.
    struct Warning: Equatable {
        let message: String
        let metadata: [String: String]
    }

    var warnings: [Warning] { [difference, future, jumps].compactMap(\.self) }

    private var difference: Warning? {
        let difference = store.time.timeIntervalSince(now)
        guard abs(difference) > Self.tolerance else { return nil }
        return Warning(
            message: """
                The clocks of the service and of the event store differ. Synchronize both, for instance by NTP: the day, \
                and all times that invoices show, are those of the service's clock
                """,
            metadata: [
                "clock.service": RFC3339.string(from: now), "clock.event_store": RFC3339.string(from: store.time),
            ])
    }

    private var future: Warning? {
        let recorded = positions { $0.recordedAt > store.time + Self.tolerance }
        let occurred = positions { ((try? $0.decodeMetadata())?.occurredAt ?? .distantPast) > now + Self.tolerance }
        guard !recorded.isEmpty || !occurred.isEmpty else { return nil }
        var metadata = ["clock.now": RFC3339.string(from: now)]
        metadata["positions.store"] = recorded.isEmpty ? nil : recorded
        metadata["positions.writers"] = occurred.isEmpty ? nil : occurred
        return Warning(
            message: """
                Events are in the future: a clock was ahead when they were stored, or is behind now. Put the clocks right, \
                then the times, as event_store_administrator, for each of the positions and the clock that they are named \
                with: select event_store.correct_times(first_position, last_position, shift => interval '-30 days', \
                clock => 'store', reason => '...')
                """,
            metadata: metadata)
    }

    /// Where the last events are that meet a condition: `6, 8-11`. What stands between them is right, and not to be corrected.
    private func positions(where isMeant: (RecordedEvent) -> Bool) -> String {
        var stretches: [ClosedRange<Int64>] = []
        for position in lastEvents.filter(isMeant).map(\.position.rawValue).sorted() {
            if let last = stretches.last, last.upperBound + 1 == position {
                stretches[stretches.endIndex - 1] = last.lowerBound...position
            } else {
                stretches.append(position...position)
            }
        }
        return stretches.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ", ")
    }

    private var jumps: Warning? {
        guard let jump = store.lastJump else { return nil }
        return Warning(
            message: """
                The event store's clock was set back between events: those before were recorded too late, or those after \
                too early. event_store.clock_jumps lists where. Put the times right, as event_store_administrator: select \
                event_store.correct_times(first_position, last_position, shift => interval '-30 days', clock => 'store', \
                reason => '...')
                """,
            metadata: [
                "jumps": "\(store.jumps)", "last.position": "\(jump.position)",
                "last.recorded_at": RFC3339.string(from: jump.recordedAt),
                "last.preceding_recorded_at": RFC3339.string(from: jump.precedingRecordedAt),
            ])
    }
}

extension Databases {
    /// Warns of clocks that are wrong, or were. Nothing depends on it: what cannot be looked at now is not.
    func warnOfClocks(logger: Logger) async {
        do {
            let store = PostgresEventStore(eventStore.client, appended: PositionSignal())
            for warning in try await ClockCheck(of: store).warnings {
                logger.warning(
                    "\(warning.message)", metadata: warning.metadata.mapValues { .string($0) })
            }
        } catch {
            logger.debug("The clocks could not be compared", metadata: ["error": "\(error)"])
        }
    }
}
