public import EventSourcing
public import FoundationEssentials
import LibPQ

/// The time of an event store's clock, and where the log shows that it was wrong. See <doc:Clocks>.
public struct ClockReport: Hashable, Sendable {
    /// A place in the log where the times of recording step back: the clock was set back before this event.
    public struct Jump: Hashable, Sendable {
        /// That of the first event after the step.
        public let position: Position
        /// When that event was recorded.
        public let recordedAt: Date
        /// When the event before it was recorded, which is later.
        public let precedingRecordedAt: Date

        public init(position: Position, recordedAt: Date, precedingRecordedAt: Date) {
            self.position = position
            self.recordedAt = recordedAt
            self.precedingRecordedAt = precedingRecordedAt
        }
    }

    /// The time by the store's clock.
    public let time: Date
    /// How many jumps there are in the log.
    public let jumps: Int
    /// The one at the highest position.
    public let lastJump: Jump?

    public init(time: Date, jumps: Int = 0, lastJump: Jump? = nil) {
        self.time = time
        self.jumps = jumps
        self.lastJump = lastJump
    }
}

extension PostgresEventStore {
    /// Asks for the time of the store's clock, and for its jumps. One trip, and as cheap with a long log as with a short one.
    ///
    /// - Throws: `PostgresError`.
    public func clockReport() async throws -> ClockReport {
        guard let row = try await client.query(ReadEvents.clockReport).first else {
            throw PostgresError(.decoding, "event_store.clock_report() has returned no row")
        }
        let (time, jumps, position, recordedAt, preceding) = try row.decode(
            Date.self, Int64.self, Int64?.self, Date?.self, Date?.self)
        guard let position, let recordedAt, let preceding else { return ClockReport(time: time, jumps: Int(jumps)) }
        let last = ClockReport.Jump(
            position: Position(position), recordedAt: recordedAt, precedingRecordedAt: preceding)
        return ClockReport(time: time, jumps: Int(jumps), lastJump: last)
    }
}
