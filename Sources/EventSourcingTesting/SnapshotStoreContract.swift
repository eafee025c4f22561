public import EventSourcing
import FoundationEssentials
public import Testing

/// What every ``SnapshotStore`` has to keep, as clauses; see ``EventStoreContract``.
public enum SnapshotStoreContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (any SnapshotStore, StreamName) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the store does otherwise.
        public func check(_ store: some SnapshotStore) async throws {
            let tenant = try TenantID("t\(UUID().uuidString.filter { $0 != "-" })")
            try await verify(store, SnapshotStoreContract.stream(of: tenant))
        }
    }

    private static func stream(of tenant: TenantID) throws -> StreamName {
        try StreamName(
            category: StreamCategory(context: "contract", aggregate: "thing", schema: 1), tenant: tenant, entityID: "1")
    }

    private static func snapshot(
        _ stream: StreamName, revision: Int64, schema: Int = 1, state: String = "{}"
    ) -> Snapshot {
        Snapshot(
            stream: stream, schema: schema, revision: Revision(revision), position: Position(revision * 3 + 1),
            eventID: .v7(), state: EventPayload(bytes: Array(state.utf8)),
            takenAt: Date(timeIntervalSince1970: 1_800_000_000.125))
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = [
        Clause(promise: "a stream without a snapshot has none") { store, stream in
            #expect(try await store.latest(of: stream) == nil)
            try await store.delete(of: stream)
        },
        Clause(promise: "a snapshot comes back as it was saved") { store, stream in
            let saved = snapshot(stream, revision: 7, state: #"{"name":"ü"}"#)
            try await store.save(saved)
            #expect(try await store.latest(of: stream) == saved)
            #expect(saved.name == "snap.\(stream)")
        },
        Clause(promise: "a newer snapshot replaces an older one, an older one nothing") { store, stream in
            let newer = snapshot(stream, revision: 9)
            try await store.save(snapshot(stream, revision: 5))
            try await store.save(newer)
            try await store.save(snapshot(stream, revision: 8))
            #expect(try await store.latest(of: stream) == newer)
        },
        Clause(promise: "a snapshot of another schema replaces whatever there is") { store, stream in
            try await store.save(snapshot(stream, revision: 9, schema: 1))
            let other = snapshot(stream, revision: 3, schema: 2)
            try await store.save(other)
            #expect(try await store.latest(of: stream) == other)
        },
        Clause(promise: "a deleted snapshot is gone, and can be saved again") { store, stream in
            try await store.save(snapshot(stream, revision: 9))
            try await store.delete(of: stream)
            #expect(try await store.latest(of: stream) == nil)
            let again = snapshot(stream, revision: 2)
            try await store.save(again)
            #expect(try await store.latest(of: stream) == again)
        },
        Clause(promise: "the same entity in two tenants has two snapshots") { store, stream in
            let other = try SnapshotStoreContract.stream(of: TenantID("other\(stream.tenant)"))
            let saved = snapshot(stream, revision: 4)
            try await store.save(saved)
            #expect(try await store.latest(of: other) == nil)
            try await store.save(snapshot(other, revision: 8))
            try await store.delete(of: other)
            #expect(try await store.latest(of: stream) == saved)
        },
    ]
}
