/// State that can be kept as a snapshot, so that a long stream need not be folded from its beginning.
public protocol Snapshottable: EventSourced {
    /// The version of the encoded state, and of what its fold means. Raise it with every change of either: snapshots of
    /// another version are read by ``init(snapshot:schema:)`` or not at all.
    static var snapshotSchema: Int { get }

    func encodeSnapshot() throws -> EventPayload

    /// Reads a snapshot, upcasting an older schema where that is possible.
    ///
    /// - Throws: anything, when it cannot be read; it is discarded then, and the stream folded instead.
    init(snapshot: EventPayload, schema: Int) throws
}

extension Snapshottable where Self: Codable {
    /// Encodes the state as JSON.
    public func encodeSnapshot() throws -> EventPayload { try EventPayload(encoding: self) }

    /// Decodes JSON; throws when it is of another schema, so that the snapshot is discarded.
    public init(snapshot: EventPayload, schema: Int) throws {
        guard schema == Self.snapshotSchema else { throw SnapshotSchemaMismatch(found: schema) }
        self = try snapshot.decode(Self.self)
    }
}

/// A snapshot is of another schema than the state can read.
private struct SnapshotSchemaMismatch: Error {
    let found: Int
}
