public import EventSourcing

/// What happens to the things of the contract suites.
public enum ContractEvent: DomainEvent, Hashable {
    case happened(Happened)

    /// What has happened.
    public struct Happened: Codable, Hashable, Sendable {
        /// Added to the total of the thing; see ``ContractTotals``.
        public let n: Int64
        /// The key of the row, where that is not the event's own stream.
        public let row: String?
    }

    /// The stored name, which never changes.
    public enum Name: String, CaseIterable, Sendable { case happened = "contract.thing.happened.v1" }

    /// See ``/EventSourcing/DomainEvent/name``.
    public var name: Name { .happened }

    /// See ``/EventSourcing/DomainEvent/encode()``.
    public func encode() throws -> EventPayload {
        switch self {
        case .happened(let happened): try EventPayload(encoding: happened)
        }
    }

    /// See ``/EventSourcing/DomainEvent/init(_:from:)``.
    public init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .happened: self = .happened(try payload.decode(Happened.self))
        }
    }
}

/// The rows of a target under test: the total of each stream by its name. A zero takes the row away, and a total below zero
/// is refused.
public struct ContractTotals: StreamRowProjection {
    struct BelowZero: Error {}

    /// A projection that counts.
    public init() {}

    /// See ``/EventSourcing/RowProjection/key(for:)``.
    public func key(for event: Recorded<ContractEvent>) -> String? {
        switch event.event {
        case .happened(let happened): happened.row ?? event.record.stream.rawValue
        }
    }

    /// See ``/EventSourcing/StreamRowProjection/stream(of:)``.
    public func stream(of key: String) throws -> StreamName { try StreamName(key) }

    /// See ``/EventSourcing/RowProjection/evolve(_:with:)``.
    public func evolve(_ row: inout Int64?, with event: Recorded<ContractEvent>) throws {
        switch event.event {
        case .happened(let happened):
            let total = (row ?? 0) + happened.n
            guard total >= 0 else { throw BelowZero() }
            row = happened.n == 0 ? nil : total
        }
    }
}
