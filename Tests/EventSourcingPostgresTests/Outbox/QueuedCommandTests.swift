import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import Pipelines
import PostgresTesting
import Testing

@testable import CommandProcess

/// A command in a queue of BullMQ's PostgreSQL backend.
@Suite(.database, .timeLimit(.minutes(5))) struct QueuedCommandTests {
    @Test func `a command is handled from its job as PostgreSQL has it, and its sender gets the result`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            _ = try await GenuineBullMQ.migrated()
            let store = PostgresEventStore(owner, appended: PositionSignal())
            let registry = try CommandRegistry.tests(on: store)
            let sender = CommandSender(registry, by: .queued(try BullMQPostgresQueue("commands", owner)))
            let command = SellTickets(show: "s-1", count: 3)
            let context = MessageContext(
                tenant: try TenantID("core"), correlationID: "c-1", command: try CommandKey(id: "a", of: command),
                caller: "192.0.2.7", source: "tests", now: Date(timeIntervalSince1970: 0.25))
            async let result = sender.send(command, in: context)
            try await CommandWorker(registry).handle(try await job(owner))
            #expect(try await result.revision == .first)
            #expect(try await result.isRepetition == false)
            let event = try #require(try await store.readLog(after: nil, .forwards, limit: 1).first)
            let metadata = try event.decodeMetadata()
            #expect(metadata.commandID == "a" && metadata.caller == "192.0.2.7" && metadata.occurredAt == context.now)
            #expect(try event.data.decode(Sale.self) == Sale(count: 3))
        }
    }

    /// The first job of the queue, once there is one.
    private func job(_ client: PostgresClient) async throws -> Job {
        let statement = PostgresStatement("select id, name, data::text from bullmq.job where queue = 'commands'")
        while true {
            if let row = try await client.query(statement).first {
                let (id, name, data) = try row.decode(String.self, String.self, String.self)
                return Job(id: id, name: name, data: EventPayload(bytes: Array(data.utf8)))
            }
            await Task.yield()
        }
    }
}
