public import FoundationEssentials

/// The closed set of facts of one kind of aggregate: an enum with a case for each, and beside it the stored names.
///
/// Names are stored for ever, so they are never a Swift type's name: `Name` is an enum whose raw values are event types
/// such as `invoices.invoice.paid.v1`. Both directions are exhaustive switches; a forgotten event does not compile.
public protocol DomainEvent: Sendable {
    associatedtype Name: CaseIterable & Hashable & RawRepresentable<String> & Sendable

    /// The name that this event is stored under.
    var name: Name { get }

    /// The event's data as it is stored.
    func encode() throws -> EventPayload

    /// Reads an event that was stored under `name`.
    init(_ name: Name, from payload: EventPayload) throws

    /// How events that were stored under retired names become events of the present; none unless stated.
    static var upcasters: Upcasters { get }

    /// The sequence in which the store numbers this event when it is appended; none unless stated.
    ///
    /// The numbers of a tenant's sequence have no gaps, and no two events have the same one, whatever was refused,
    /// repeated or lost in between.
    var sequence: SequenceName? { get }

    /// The event with the number that the store gave it, ``RecordedEvent/number``; the event itself unless stated.
    ///
    /// ``Recorded`` calls this, so that a fold needs nothing but events. The number is no part of ``encode()``.
    func numbered(_ number: Int64) -> Self

    /// The event with its id in the store, ``RecordedEvent/id``; the event itself unless stated.
    ///
    /// ``Recorded`` calls this for every event that it decodes. An event that was stored before it had an id of its own
    /// can use this one. An event that is appended must have its own: it is not decoded by the process that appended
    /// it.
    func identified(by id: UUID) -> Self
}

extension DomainEvent {
    /// None: no event of this aggregate has had another shape.
    public static var upcasters: Upcasters { .none }

    /// Nil: no event of this aggregate is numbered.
    public var sequence: SequenceName? { nil }

    /// The event as it is: for events that do not carry their number.
    public func numbered(_ number: Int64) -> Self { self }

    /// The event as it is: for events that do not carry their id.
    public func identified(by id: UUID) -> Self { self }
}
