import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresProcessedJobsTests {
    private struct Failed: Error {}

    private static let effects = PostgresStatement("select count(*) from effects")
    private let job = ProcessedJobID("0190a1b2-0000-7000-8000-00000000c001", by: "tests")

    private func withService(
        _ body: @Sendable (PostgresClient, _ owner: PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await body(service, owner)
            }
        }
    }

    @Test(arguments: ProcessedJobsContract.clauses)
    func `processed jobs in PostgreSQL keep the contract`(_ clause: ProcessedJobsContract.Clause) async throws {
        try await withService { service, _ in try await clause.check(PostgresProcessedJobs(service)) }
    }

    /// Has an effect in a table, in the transaction that records the job.
    private func process(_ client: PostgresClient, failing: Bool = false) async throws -> Bool {
        try await client.transaction { transaction in
            guard try await PostgresProcessedJobs.record(job, in: transaction) else { return false }
            try await transaction.execute("insert into effects default values")
            if failing { throw Failed() }
            return true
        }
    }

    private static let effect = PostgresStatement("insert into effects (job) values ($1)")
    private static let count = PostgresStatement("select count(*) from effects where job = $1")

    /// A table in which an effect is a row that names its job.
    private func withEffects(
        _ body: @Sendable (PostgresClient, _ owner: PostgresClient) async throws -> Void
    ) async throws {
        try await withService { service, owner in
            try await owner.withConnection { connection in
                try await connection.script(
                    "create table effects (job text); grant all on effects to \(PostgresEventStore.serviceRole)")
            }
            try await body(service, owner)
        }
    }

    @Test(arguments: IdempotentReceiverContract.clauses)
    func `a receiver that claims its jobs in PostgreSQL keeps the contract`(
        _ clause: IdempotentReceiverContract.Clause
    ) async throws {
        try await withEffects { service, owner in
            try await clause.check { job, fail in
                _ = try await PostgresProcessedJobs(service).once(job) {
                    _ = try await service.execute(Self.effect, "\(job)")
                    try fail()
                }
            } effects: { job in
                Int(try await owner.query(Self.count, "\(job)")[0].decode(Int64.self))
            }
        }
    }

    @Test(arguments: IdempotentReceiverContract.clauses)
    func `a receiver that records its jobs in the transaction of the effect keeps the contract`(
        _ clause: IdempotentReceiverContract.Clause
    ) async throws {
        try await withEffects { service, owner in
            try await clause.check { job, fail in
                try await service.transaction { transaction in
                    guard try await PostgresProcessedJobs.record(job, in: transaction) else { return }
                    try await transaction.execute(Self.effect, "\(job)")
                    try fail()
                }
            } effects: { job in
                Int(try await owner.query(Self.count, "\(job)")[0].decode(Int64.self))
            }
        }
    }

    @Test func `an effect in PostgreSQL and its job are committed together or not at all`() async throws {
        try await withService { service, owner in
            try await owner.withConnection { connection in
                try await connection.script(
                    """
                    create table effects (n integer generated always as identity);
                    grant all on effects to \(PostgresEventStore.serviceRole);
                    """)
            }
            await #expect(throws: Failed.self) { _ = try await process(service, failing: true) }
            #expect(try await owner.query(Self.effects)[0].decode(Int64.self) == 0)
            let processed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 { group.addTask { try await process(service) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(processed.count { $0 } == 1)
            #expect(try await owner.query(Self.effects)[0].decode(Int64.self) == 1)
            #expect(try await PostgresProcessedJobs(service).begin(job, by: .v7(), for: .seconds(60)) == .done)
        }
    }

    @Test func `a job that is claimed elsewhere is not recorded in a transaction`() async throws {
        try await withService { service, _ in
            _ = try await PostgresProcessedJobs(service).begin(job, by: .v7(), for: .seconds(600))
            await #expect(throws: JobInProgress(job)) {
                _ = try await service.transaction { try await PostgresProcessedJobs.record(job, in: $0) }
            }
        }
    }

    @Test func `the service can neither read nor change the table but by the functions`() async throws {
        try await withService { service, _ in
            for sql in ["select 1 from event_store.processed_jobs", "delete from event_store.processed_jobs"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await service.withConnection { try await $0.script(sql) }
                }
                #expect(error?.sqlState == .insufficientPrivilege)
            }
        }
    }
}
