public import EventSourcing
import FoundationEssentials
public import Testing

/// What a projection has been given, for a test that reads as given, when, then:
///
/// ```swift
/// given(ProductCards(), [.created(created)], in: product)
///     .when([.priceUpdated(updated)], in: product)
///     .then(["p1": ProductCard(name: "Lamp", price: 1_200)])
/// ```
///
/// The events come as they do from a store: encoded and decoded, with positions and revisions.
public func given<Projection: RowProjection>(
    _ projection: Projection, _ events: [Projection.Event] = [], in stream: StreamName,
    sourceLocation: SourceLocation = #_sourceLocation
) -> Projected<Projection> {
    Projected(projection: projection).when(events, in: stream, sourceLocation: sourceLocation)
}

/// The rows of a projection after some events.
public struct Projected<Projection: RowProjection> {
    fileprivate let projection: Projection
    /// The rows that there are.
    public private(set) var rows: [Projection.Key: Projection.Row] = [:]
    private var position = Position.start
    private var revisions: [StreamName: Int64] = [:]
    /// Why an event could not be applied.
    private var failure: PoisonEvent?

    fileprivate init(projection: Projection) { self.projection = projection }

    /// Applies further events of a stream.
    public func when(
        _ events: [Projection.Event], in stream: StreamName, sourceLocation: SourceLocation = #_sourceLocation
    ) -> Self {
        var next = self
        for event in events where next.failure == nil {
            do { try next.apply(event, in: stream) } catch let error as PoisonEvent { next.failure = error } catch {
                Issue.record(error, "the event cannot be stored and read again", sourceLocation: sourceLocation)
            }
        }
        return next
    }

    private mutating func apply(_ event: Projection.Event, in stream: StreamName) throws {
        position = Position(position.rawValue + 1)
        let revision = revisions[stream, default: 0]
        revisions[stream] = revision + 1
        let record = try RecordedEvent(storing: event, in: stream, revision: Revision(revision), position: position)
        guard let recorded = try Recorded<Projection.Event>(decoding: record) else { return }
        for (key, row) in try projection.fold([recorded], into: rows) { rows[key] = row }
    }

    /// Expects exactly these rows, and that every event could be applied.
    public func then(
        _ expected: [Projection.Key: Projection.Row], sourceLocation: SourceLocation = #_sourceLocation
    ) where Projection.Row: Equatable {
        if let failure { Issue.record(failure, "an event was refused", sourceLocation: sourceLocation) }
        #expect(rows == expected, sourceLocation: sourceLocation)
    }

    /// Expects that there is no row.
    public func thenNothing(sourceLocation: SourceLocation = #_sourceLocation) where Projection.Row: Equatable {
        then([:], sourceLocation: sourceLocation)
    }

    /// Expects that the last event can never be applied, and so is parked with its stream.
    public func thenParked(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(failure != nil, "every event was applied", sourceLocation: sourceLocation)
    }
}
