import EventSourcing
import EventSourcingPostgres
import Foundation
import InvoicesDomain
import LibPQ
import PostgresTesting
import Synchronization
import Testing

extension IntegrationTests {
    /// What was acknowledged survives; what cannot be done is said so, and works again afterwards.
    @Suite struct Failures {
        @Test func `a projection that is killed in the middle goes on where it was`() async throws {
            let databases = try await TestDatabases.make()
            let count = 3_000
            try await InvoicesProgram.serving(environment: databases.environment) { _ in }
            try await databases.eventStore.withClient { try await appendInvoices(count, with: $0) }
            for _ in 0..<3 {
                try await InvoicesProgram.serving(environment: databases.environment) { service in
                    let start = try await databases.projectedPosition()
                    while try await databases.projectedPosition() == start, start < count { await Task.yield() }
                    service.send(SIGKILL)
                }
            }
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                while try await databases.projectedPosition() < count { await Task.yield() }
                let rows = try await databases.readDatabase.withClient {
                    try await $0.query(
                        PostgresStatement("select count(*), sum(amount)::bigint, sum(revision)::bigint from invoices"))
                }
                let (invoices, sum, revisions) = try rows[0].decode(Int64.self, Int64.self, Int64.self)
                #expect([invoices, sum, revisions] == [Int64(count), Int64(count), 0])
            }
        }

        @Test func `every invoice that was acknowledged is there after the server was killed under load`() async throws
        {
            let databases = try await TestDatabases.make()
            let acknowledged = Acknowledgements()
            for _ in 0..<3 {
                try await InvoicesProgram.serving(environment: databases.environment) { service in
                    let before = acknowledged.count
                    try await withThrowingTaskGroup { group in
                        for _ in 0..<8 {
                            group.addTask {
                                while let invoice = try? await service.create() {
                                    acknowledged.add(invoice.id)
                                }
                            }
                        }
                        group.addTask {
                            while acknowledged.count < before + 60 {
                                try await Task.sleep(for: .milliseconds(1))
                            }
                            service.send(SIGKILL)
                        }
                        try await group.waitForAll()
                    }
                }
            }
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let head = try await databases.eventStore.withClient {
                    try await $0.query(PostgresStatement("select max(position) from event_store.events"))
                }
                let last = try head[0].decode(Int64.self)
                while try await databases.projectedPosition() < last { await Task.yield() }
                let found = try await service.all(pageSize: 200).map(\.id)
                #expect(Set(found).count == found.count)
                #expect(acknowledged.all.subtracting(found).isEmpty)
                #expect(found.count == Int(last))
            }
        }

        private func appendInvoices(_ count: Int, with client: PostgresClient) async throws {
            let store = PostgresEventStore(client, appended: PositionSignal())
            let metadata = EventMetadata(correlationID: "test", causationID: "test", source: "test", occurredAt: Date())
            try await withThrowingTaskGroup { group in
                for _ in 0..<count {
                    group.addTask {
                        let id = InvoiceID(UUID())
                        let created = InvoiceCreated(
                            invoiceId: id,
                            terms: InvoiceTerms(customerId: CustomerID(UUID()), currency: "EUR", amount: 1),
                            createdAt: Date())
                        let event = try NewEvent(InvoiceEvent.created(created), id: .v7(), metadata: metadata)
                        let stream = try StreamName("invoices.invoice.v1-main-\(id)")
                        _ = try await store.append([event], to: stream, expecting: .noStream)
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

/// The invoices whose creation was acknowledged.
final class Acknowledgements: Sendable {
    private let ids = Mutex<Set<String>>([])

    var all: Set<String> { ids.withLock { $0 } }
    var count: Int { ids.withLock { $0.count } }

    func add(_ id: String) { ids.withLock { _ = $0.insert(id) } }
}
