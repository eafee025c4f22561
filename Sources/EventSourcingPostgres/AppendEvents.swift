import EventSourcing
import FoundationEssentials
import LibPQ

/// The call of `append_events`: its statement, its arguments and its answer, as
/// `0012_sequences_and_outcomes.sql` states them.
enum AppendEvents {
    private static let statement = PostgresStatement(
        """
        select outcomes, last_revisions, last_positions
        from event_store.append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
            $16, $17)
        """)

    /// The command was handled before; its outcome is to be looked up.
    struct CommandHandledBefore: Error {}

    /// Commits a batch; when it is not known whether it was committed, again: event ids make that harmless.
    ///
    /// - Returns: an outcome for each append, in their order.
    static func run(
        on client: PostgresClient, _ batch: [Append]
    ) async throws -> [Result<AppendOutcome, any Error>] {
        let arguments = AppendArguments(batch)
        var losses = 0
        while true {
            do {
                let verdicts = try await call(with: arguments, on: client)
                return outcomes(of: batch, verdicts)
            } catch let error as PostgresError where error.code == .outcomeUnknown || losses > 0 {
                // A repetition that fails in another way says nothing about the first time.
                losses += 1
                guard error.code == .outcomeUnknown, losses <= 3 else {
                    return batch.map {
                        .failure(AppendOutcomeUnknown(streams: $0.streams.map(\.stream), underlying: error))
                    }
                }
            }
        }
    }

    private static func call(with arguments: AppendArguments, on client: PostgresClient) async throws -> [Verdict] {
        let rows = try await client.executeUninterrupted(
            statement, arguments.partEntries, arguments.tenants, arguments.streams, arguments.expected, arguments.sizes,
            arguments.eventParts, arguments.ids, arguments.types, arguments.schemaVersions, arguments.data,
            arguments.metadata, arguments.commandEntries, arguments.commandIDs, arguments.commandHashes,
            arguments.numberedEvents, arguments.sequences, arguments.commandOutcomes)
        guard let row = rows.first else { return [] }
        let (codes, revisions, positions) = try row.decode([Int32].self, [Int64].self, [Int64?].self)
        return codes.indices.map { Verdict(code: codes[$0], revision: revisions[$0], position: positions[$0]) }
    }

    /// What became of one part of an append.
    struct Verdict {
        let code: Int32
        let revision: Int64
        let position: Int64?
    }

    private static func outcomes(of batch: [Append], _ verdicts: [Verdict]) -> [Result<AppendOutcome, any Error>] {
        var rest = verdicts[...]
        return batch.map { append in
            let own = rest.prefix(append.streams.count)
            rest = rest.dropFirst(append.streams.count)
            return Result { try outcome(of: append, own) }
        }
    }

    static func outcome(of append: Append, _ verdicts: some Sequence<Verdict>) throws -> AppendOutcome {
        var revisions: [StreamName: Revision] = [:]
        var position = Position.start
        var isRepetition = false
        for (part, verdict) in zip(append.streams, verdicts) {
            let revision = verdict.revision < 0 ? nil : Revision(verdict.revision)
            switch verdict.code {
            case 0, 2:
                revisions[part.stream] = revision
                position = Position(verdict.position ?? 0)
                isRepetition = verdict.code == 2
            case 1:
                // The whole append is refused; the streams that are as expected are not the reason.
                guard !part.expected.isMet(by: revision) else { continue }
                throw WrongExpectedRevision(stream: part.stream, expected: part.expected, actual: revision)
            case 3: throw AppendRejected(stream: part.stream, reason: .partlyAppended)
            case 4: throw CommandHandledBefore()
            default: throw CommandIDReused(commandID: append.command?.id ?? "")
            }
        }
        return AppendOutcome(
            revisions: revisions, position: position, isRepetition: isRepetition,
            commandOutcome: isRepetition ? nil : append.outcome)
    }
}

/// A batch as the arrays that `append_events` takes: one element a part, one an event, one a command,
/// one an event that is to be numbered.
private struct AppendArguments {
    var (partEntries, tenants, streams): ([Int32], [String], [String]) = ([], [], [])
    var (expected, sizes): ([Int64], [Int32]) = ([], [])
    var (eventParts, ids, types, schemaVersions): ([Int32], [UUID], [String], [Int32]) = ([], [], [], [])
    var (data, metadata): ([[UInt8]], [[UInt8]]) = ([], [])
    var (commandEntries, commandIDs, commandHashes): ([Int32], [String], [[UInt8]]) = ([], [], [])
    var commandOutcomes: [[UInt8]?] = []
    var (numberedEvents, sequences): ([Int32], [String]) = ([], [])

    init(_ batch: [Append]) {
        for (entry, append) in batch.enumerated() {
            for part in append.streams { add(part, entry: Int32(entry + 1)) }
            guard let command = append.command else { continue }
            commandEntries.append(Int32(entry + 1))
            commandIDs.append(command.id)
            commandHashes.append(command.requestHash)
            commandOutcomes.append(append.outcome)
        }
    }

    private mutating func add(_ part: StreamAppend, entry: Int32) {
        partEntries.append(entry)
        tenants.append(part.stream.tenant.rawValue)
        streams.append(part.stream.rawValue)
        expected.append(part.expected.code)
        sizes.append(Int32(part.events.count))
        for event in part.events {
            eventParts.append(Int32(partEntries.count))
            ids.append(event.id)
            types.append(event.type.rawValue)
            schemaVersions.append(Int32(event.type.schemaVersion))
            data.append(event.data.bytes)
            metadata.append(event.metadata.bytes)
            guard let sequence = event.sequence else { continue }
            numberedEvents.append(Int32(ids.count))
            sequences.append(sequence.rawValue)
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
