import EventSourcing
import FoundationEssentials
import LibPQ

/// The call of `event_store.append_events`.
enum AppendEvents {
    /// The command was handled before; its outcome is to be looked up.
    struct CommandHandledBefore: Error {}

    /// How much longer than a batch may take its answer is waited for: a server that says nothing until then hangs.
    private static var certaintyGrace: Duration { .seconds(5) }

    /// Commits a batch. When it is not known whether it was committed, commits it again: event ids make that harmless.
    ///
    /// - Throws: also ``BatchGivenUp``: then it is certain that nothing was committed, nor will be.
    static func run(
        _ batch: [Append], within bounds: BatchBounds, on client: PostgresClient
    ) async throws -> AppendedBatch {
        let arguments = try AppendArguments(batch).call()
        var losses = 0
        while true {
            do {
                return try AppendedBatch(
                    batch,
                    try await givingUp(isCertain: losses == 0) {
                        try await call(with: arguments, within: bounds, on: client)
                    })
            } catch let error where losses > 0 || (error as? PostgresError)?.code == .outcomeUnknown {
                // A repetition that fails in another way says nothing about the first time.
                losses += 1
                let isLost = (error as? PostgresError)?.code == .outcomeUnknown
                guard isLost, losses <= 3, bounds.deadline > .now else {
                    return AppendedBatch(
                        outcomes: batch.map {
                            .failure(AppendOutcomeUnknown(streams: $0.streams.map(\.stream), underlying: error))
                        })
                }
            }
        }
    }

    private static func call(
        with arguments: PostgresCall, within bounds: BatchBounds, on client: PostgresClient
    ) async throws -> AppendResult {
        let rows = try await client.executeUninterrupted(
            arguments, timeout: bounds.timeLeft + certaintyGrace, unless: bounds.interruption)
        guard let row = rows.first else { throw PostgresError(.decoding, "append_events has returned no row") }
        return try AppendResult(row)
    }
}

/// A batch as the arrays that `append_events` takes.
private struct AppendArguments {
    // One element for each part.
    private(set) var partEntries: [Int32] = []
    private(set) var streams: [String] = []
    private(set) var expected: [Int64] = []
    private(set) var offsets: [Int32] = []
    // One element for each part, or none at all when no append has a command.
    private(set) var commandIDs: [String?] = []
    private(set) var commandHashes: [[UInt8]?] = []
    private(set) var commandOutcomes: [[UInt8]?] = []
    // One element for each event.
    private(set) var eventParts: [Int32] = []
    private(set) var ids: [UUID] = []
    private(set) var types: [String] = []
    private(set) var schemaVersions: [Int32] = []
    private(set) var data: [[UInt8]] = []
    private(set) var metadata: [[UInt8]] = []
    // One element for each event, or none at all when no event has a sequence.
    private(set) var sequences: [String?] = []
    // One element for each event, or none at all when no event has tags.
    private(set) var tags: [String?] = []
    private let conditions: ConditionArguments

    init(_ batch: [Append]) {
        conditions = ConditionArguments(batch)
        let hasTags = batch.contains { $0.streams.contains { $0.events.contains { !$0.tags.isEmpty } } }
        let hasCommands = batch.contains { $0.command != nil }
        let hasSequences = batch.contains { $0.streams.contains { $0.events.contains { $0.sequence != nil } } }
        for (index, append) in batch.enumerated() {
            for (part, stream) in append.streams.enumerated() {
                partEntries.append(Int32(index + 1))
                add(stream)
                if hasSequences { sequences += stream.events.map(\.sequence?.rawValue) }
                if hasTags { tags += stream.events.map(\.tags.stored) }
                guard hasCommands else { continue }
                let command = part == 0 ? append.command : nil
                commandIDs.append(command?.id)
                commandHashes.append(command?.requestHash)
                commandOutcomes.append(command == nil ? nil : append.outcome)
            }
        }
    }

    private mutating func add(_ part: StreamAppend) {
        streams.append(part.stream.rawValue)
        expected.append(part.expected.code)
        offsets.append(Int32(ids.count))
        for event in part.events {
            eventParts.append(Int32(streams.count))
            ids.append(event.id)
            types.append(event.type.rawValue)
            schemaVersions.append(Int32(event.type.schemaVersion))
            data.append(event.data.bytes)
            metadata.append(event.metadata.bytes)
        }
    }
}

extension AppendArguments {
    private static let statement = PostgresStatement(
        """
        select outcomes, revisions, positions, numbers, recorded_at, head, head_event_id
        from event_store.append_events(
            :part_entries, :part_streams, :part_expected, :part_offsets,
            :command_ids, :command_hashes, :command_outcomes,
            :event_parts, :event_ids, :event_types, :event_schema_versions, :event_data, :event_metadata,
            :event_sequences, :event_tags,
            :clause_parts, :clause_positions, :clause_streams, :clause_types, :clause_tags, :clause_meets)
        """)

    fileprivate func call() throws -> PostgresCall {
        try Self.statement.call(naming: [
            "part_entries": partEntries, "part_streams": streams, "part_expected": expected, "part_offsets": offsets,
            "command_ids": commandIDs, "command_hashes": commandHashes, "command_outcomes": commandOutcomes,
            "event_parts": eventParts, "event_ids": ids, "event_types": types, "event_schema_versions": schemaVersions,
            "event_data": data, "event_metadata": metadata, "event_sequences": sequences, "event_tags": tags,
            "clause_parts": conditions.parts, "clause_positions": conditions.positions,
            "clause_streams": conditions.clauses.streams, "clause_types": conditions.clauses.types,
            "clause_tags": conditions.clauses.tags, "clause_meets": conditions.meets,
        ])
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
