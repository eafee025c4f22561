public import EventSourcing
import FoundationEssentials
public import LibPQ

/// A queue of BullMQ's PostgreSQL backend, which BullMQ 6 for Node and PyPI `bullmq` 3 have.
///
/// It calls the function `add_job` that BullMQ's migrations make; they have to have run in the client's database. See
/// ``PostgresEventStoreAdministration/enable(_:)`` for jobs in the transaction of the append.
public struct BullMQPostgresQueue: JobQueue {
    /// The name of the queue.
    public let name: String
    /// The schema of BullMQ.
    public let schema: String
    private let client: PostgresClient
    private let addJobs: PostgresStatement

    /// - Throws: ``/EventSourcing/InvalidName`` when a name is not one that BullMQ has: a queue is 1 to 128 ASCII letters, digits or any of
    ///   `- _ .`, a schema 1 to 63 letters, digits or underscores.
    public init(_ name: String, schema: String = "bullmq", _ client: PostgresClient) throws(InvalidName) {
        self.name = try BullMQNames.queue(name)
        self.schema = try BullMQNames.schema(schema)
        self.client = client
        addJobs = Self.addJobs(schema: schema)
    }

    /// Checks that the schema is there, as ``add(_:)`` does with every call.
    ///
    /// - Throws: ``BullMQSchemaUnusable``, `PostgresError`.
    public func check() async throws {
        _ = try await addTogether([])
    }

    /// Adds all jobs in one statement, without those whose ids BullMQ does not take.
    ///
    /// - Throws: ``BullMQSchemaUnusable`` when BullMQ's schema is missing or of another version; `PostgresError`.
    public func add(_ jobs: [Job]) async throws -> [JobOutcome] {
        let faults = jobs.map(\.idFault)
        if faults.contains(where: { $0 != nil }) {
            var outcomes = try await add(zip(jobs, faults).filter { $1 == nil }.map(\.0)).makeIterator()
            return faults.map { $0.map(JobOutcome.refused) ?? outcomes.next()! }
        }
        guard !jobs.isEmpty else { return [] }
        do {
            return try await addTogether(jobs)
        } catch let error as PostgresError where error.sqlState?.meaning == .value {
            // One of them cannot be stored, such as a character U+0000 in its JSON. The others can.
            guard jobs.count > 1 else { return [.refused(reason: error.message)] }
            var outcomes: [JobOutcome] = []
            for job in jobs { outcomes += try await add([job]) }
            return outcomes
        }
    }

    private func addTogether(_ jobs: [Job]) async throws -> [JobOutcome] {
        let call = try addJobs.call(naming: [
            "queue": name, "ids": jobs.map(\.id), "names": jobs.map(\.name),
            "data": jobs.map { String(decoding: $0.data.bytes, as: UTF8.self) },
            "options": jobs.map { String(decoding: $0.bullMQOptions, as: UTF8.self) },
            "priorities": jobs.map { Int32($0.options.priority) },
            "delays": jobs.map { $0.options.delay.wholeMilliseconds },
            "attempts": jobs.map { Int32($0.options.attempts) },
        ])
        let rows: PostgresRows
        do {
            rows = try await client.execute(call)
        } catch let error as PostgresError {
            throw BullMQSchemaUnusable.error(error, schema: schema)
        }
        var added = Set<String>()
        let known = try rows.map { try $0[0].decode(Bool.self) }
        return zip(jobs, known).map { job, wasKnown in
            added.insert(job.id).inserted && !wasKnown ? .added : .duplicate
        }
    }

    /// Whether each job was known is what the statement finds before it adds any.
    private static func addJobs(schema: String) -> PostgresStatement {
        PostgresStatement(
            """
            select exists (select from "\(schema)".job k where k.queue = :queue and k.id = j.id), "\(schema)".add_job(
                :queue, j.id, j.name, j.data::jsonb, j.options::jsonb, j.priority, j.delay,
                (extract(epoch from clock_timestamp()) * 1000)::bigint, j.attempts, null, null, null, null, null, false)
            from (
                select * from unnest(
                    :ids::text[], :names::text[], :data::text[], :options::text[], :priorities::integer[],
                    :delays::bigint[], :attempts::integer[])
                with ordinality u (id, name, data, options, priority, delay, attempts, place) order by place) j
            """)
    }
}

/// BullMQ's schema is missing in the database, of another version, or not for this role.
public struct BullMQSchemaUnusable: Error, Hashable, Sendable, CustomStringConvertible {
    /// The schema that was looked at.
    public let schema: String
    /// What is missing there.
    public let reason: String

    /// The error of a call of BullMQ's functions: that the schema is unusable, if that is what it says.
    static func error(_ error: PostgresError, schema: String) -> any Error {
        switch error.sqlState {
        case .undefinedSchema?, .undefinedTable?, .undefinedFunction?, .undefinedColumn?, .insufficientPrivilege?,
            .featureNotSupported?:
            BullMQSchemaUnusable(schema: schema, reason: error.message)
        default: error
        }
    }

    /// Names the schema, and says what to do.
    public var description: String {
        """
        the schema "\(schema)" is not one of BullMQ 6 that this role may use (\(reason)): run BullMQ's migrations in this \
        database, then: grant usage on schema \(schema) to event_store_service; grant all on all tables in schema \
        \(schema) to event_store_service; grant all on all sequences in schema \(schema) to event_store_service; grant \
        execute on all functions in schema \(schema) to event_store_service
        """
    }
}

extension BullMQSchemaUnusable: CategorizedError {
    /// Neither waiting nor skipping helps: stop.
    public var category: ErrorCategory { .fatal }
}
