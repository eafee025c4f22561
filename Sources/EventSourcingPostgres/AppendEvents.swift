import EventSourcing
import FoundationEssentials
import LibPQ

/// The call of `append_events`: its statement, its arguments and its answer, as `0002_append_events.sql` states them.
enum AppendEvents {
    static let statement = PostgresStatement(
        """
        select outcome, last_revision, last_position
        from append_events($1, $2, $3, $4, $5, $6, $7, $8, $9)
        order by entry
        """)

    /// What became of one entry.
    struct Outcome {
        let code: Int32
        let revision: Int64
        let position: Int64?
    }

    /// Commits a batch; when it is not known whether it was committed, again: event ids make that harmless.
    ///
    /// - Returns: an outcome for each append, in their order.
    static func run(on client: PostgresClient, _ batch: [GroupCommit.Append]) async throws -> [Outcome] {
        let arguments = Arguments(batch)
        var repetitionsLeft = 3
        while true {
            do {
                return try await call(with: arguments, on: client)
            } catch let error as PostgresError where error.code == .outcomeUnknown && repetitionsLeft > 0 {
                repetitionsLeft -= 1
            }
        }
    }

    private static func call(with arguments: Arguments, on client: PostgresClient) async throws -> [Outcome] {
        let rows = try await client.execute(
            statement, arguments.tenants, arguments.streams, arguments.expected, arguments.entries, arguments.ids,
            arguments.types, arguments.schemaVersions, arguments.data, arguments.metadata)
        return try rows.map { row in
            let (code, revision, position) = try row.decode(Int32.self, Int64.self, Int64?.self)
            return Outcome(code: code, revision: revision, position: position)
        }
    }

    /// The batch as the arrays that the function takes: one element an entry, then one element an event.
    private struct Arguments {
        var (tenants, streams, expected): ([String], [String], [Int64]) = ([], [], [])
        var (entries, ids, types, schemaVersions): ([Int32], [UUID], [String], [Int32]) = ([], [], [], [])
        var (data, metadata): ([[UInt8]], [[UInt8]]) = ([], [])

        init(_ batch: [GroupCommit.Append]) {
            for (entry, append) in batch.enumerated() {
                tenants.append(append.stream.tenant.rawValue)
                streams.append(append.stream.rawValue)
                expected.append(append.expected.code)
                for event in append.events {
                    entries.append(Int32(entry + 1))
                    ids.append(event.id)
                    types.append(event.type.rawValue)
                    schemaVersions.append(Int32(event.type.schemaVersion))
                    data.append(event.data.bytes)
                    metadata.append(event.metadata.bytes)
                }
            }
        }
    }
}

extension AppendEvents.Outcome {
    /// The commit that the outcome stands for.
    ///
    /// - Throws: the refusal that it stands for.
    func commit(to stream: StreamName, expecting expected: ExpectedRevision) throws -> Commit {
        switch (code, position) {
        case (0, let position?):
            Commit(revision: Revision(revision), position: Position(position))
        case (2, let position?):
            Commit(revision: Revision(revision), position: Position(position), isDuplicate: true)
        case (3, _):
            throw AppendRejected(stream: stream, reason: .partlyAppended)
        default:
            throw WrongExpectedRevision(
                stream: stream, expected: expected, actual: revision < 0 ? nil : Revision(revision))
        }
    }
}

extension ExpectedRevision {
    /// As `append_events` takes it.
    fileprivate var code: Int64 {
        switch self {
        case .noStream: -1
        case .any: -2
        case .streamExists: -4
        case .exactly(let revision): revision.rawValue
        }
    }
}
