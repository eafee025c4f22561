public import EventSourcing

/// A read model of one document for each aggregate: a pure function from a document and an event to the document that
/// follows.
///
/// ```swift
/// struct ProductCards: DocumentProjection {
///     func evolve(_ card: inout ProductCard?, with event: Recorded<ProductEvent>) {
///         switch event.event {
///         case .created(let created): card = ProductCard(name: created.name, price: created.price)
///         case .priceChanged(let changed): card?.price = changed.price
///         case .deactivated: card = nil
///         }
///     }
/// }
/// ```
///
/// A pipeline keeps the documents without a table of its own; see ``Pipeline/projection(_:_:version:partitions:)``.
public protocol DocumentProjection: StreamRowProjection where Key == StreamName, Row: Codable & Equatable {}

extension DocumentProjection {
    /// See ``/EventSourcing/RowProjection/key(for:)``.
    public func key(for event: Recorded<Event>) -> StreamName? { event.record.stream }

    /// See ``/EventSourcing/StreamRowProjection/stream(of:)``.
    public func stream(of key: StreamName) -> StreamName { key }
}
