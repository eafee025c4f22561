public import EventSourcing
public import FoundationEssentials
import LibPQ

/// The time of an event store's clock, and the events at which it was set back. See <doc:Clocks>.
public struct ClockReport: Hashable, Sendable {
    /// An event that was recorded at an earlier time than the event before it: the clock was set back in between.
    public struct Jump: Hashable, Sendable {
        /// The position of the event.
        public let position: Position
        /// When the event was recorded.
        public let recordedAt: Date
        /// When the event before it was recorded, which is later.
        public let precedingRecordedAt: Date

        /// For tests of what shows a report.
        public init(position: Position, recordedAt: Date, precedingRecordedAt: Date) {
            self.position = position
            self.recordedAt = recordedAt
            self.precedingRecordedAt = precedingRecordedAt
        }
    }

    /// The present time of the store's clock.
    public let time: Date
    /// The number of jumps in the log.
    public let jumps: Int
    /// The jump at the highest position.
    public let lastJump: Jump?

    /// For tests of what shows a report.
    public init(time: Date, jumps: Int = 0, lastJump: Jump? = nil) {
        self.time = time
        self.jumps = jumps
        self.lastJump = lastJump
    }
}

extension PostgresEventStore {
    /// Reads the time of the store's clock and its jumps, in one trip that takes as long however long the log is.
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
