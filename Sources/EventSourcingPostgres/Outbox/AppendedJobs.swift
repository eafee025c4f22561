public import EventSourcing
import LibPQ

/// Jobs for a queue of BullMQ's PostgreSQL backend in the event store's database, added in the transaction of each append:
/// neither a relay nor a second commit is between an event and its job, and an append that fails adds none.
///
/// An append fails when BullMQ's schema refuses a job, and waits for what BullMQ's function does. Without any enabled
/// queue it costs nothing.
public struct AppendedJobs: Sendable {
    /// The name of the queue.
    public let queue: String
    /// The schema of BullMQ.
    public let schema: String
    /// Which events become jobs, each as ``/EventSourcing/Job/init(for:options:)`` makes it.
    public let filter: LogFilter
    /// How the queue treats the jobs.
    public let options: JobOptions

    /// - Throws: ``/EventSourcing/InvalidName``, as ``BullMQPostgresQueue/init(_:schema:_:)`` does.
    public init(
        of filter: LogFilter, into queue: String, schema: String = "bullmq", options: JobOptions = JobOptions()
    ) throws(InvalidName) {
        self.queue = try BullMQNames.queue(queue)
        self.schema = try BullMQNames.schema(schema)
        self.filter = filter
        self.options = options
    }
}

extension PostgresEventStoreAdministration {
    /// Adds a job for each event that is appended from now on; called again, changes filter and options.
    ///
    /// - Throws: ``BullMQSchemaUnusable`` when BullMQ's schema is missing or of another version; `PostgresError`.
    public func enable(_ jobs: AppendedJobs) async throws {
        let (filter, options) = (jobs.filter, jobs.options)
        do {
            try await client.execute(
                Self.enableQueue.call(naming: [
                    "schema": jobs.schema, "queue": jobs.queue, "of_tenant": filter.tenant?.rawValue,
                    "categories": filter.categories?.map(\.rawValue), "types": filter.types?.map(\.rawValue),
                    "type_prefixes": filter.typePrefixes?.map(\.rawValue),
                    "options": String(decoding: options.bullMQ(jobID: nil), as: UTF8.self),
                    "attempts": Int32(options.attempts), "priority": Int32(options.priority),
                    "delay_ms": options.delay.wholeMilliseconds,
                ]))
        } catch let error as PostgresError {
            throw BullMQSchemaUnusable.error(error, schema: jobs.schema)
        }
    }

    /// Adds no more jobs to a queue.
    ///
    /// - Returns: whether it was enabled.
    public func disableJobs(into queue: String, schema: String = "bullmq") async throws -> Bool {
        try await client.execute(Self.disableQueue, schema, queue).first?.decode(Bool.self) == true
    }

    private static let enableQueue = PostgresStatement(
        """
        select event_store.enable_bullmq_queue(
            :schema, :queue, :of_tenant, :categories, :types, :type_prefixes, :options::text::jsonb, :attempts,
            :priority, :delay_ms)
        """)

    /// $1 schema, $2 queue
    private static let disableQueue = PostgresStatement("select event_store.disable_bullmq_queue($1, $2)")
}
