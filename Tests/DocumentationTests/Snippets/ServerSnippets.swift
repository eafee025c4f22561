import BullMQ
import EmbeddedPostgres
import EmbeddedRedis
import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import HTTPConventions
import Hummingbird
import LibPQ
import Logging
import ServiceLifecycle
import Testing
import Webhooks

// What needs a server is compiled here; that it works is shown by the tests of its library.

extension PostgresStatement {
    static let findInvoice: PostgresStatement = "SELECT document FROM invoices WHERE tenant = $1 AND id = $2"
}

func findInvoice(_ id: UUID, of tenant: String) async throws {
    let client = PostgresClient(PostgresConfiguration(host: "localhost", username: "app", database: "invoices"))

    let rows = try await client.query(.findInvoice, tenant, id)
    let document = try rows.first?.decode(PostgresJSON.self)
    _ = document
}

extension PostgresStatement {
    static let rename: PostgresStatement = "UPDATE customers SET name = :name WHERE tenant = :tenant AND id = :id"
}

func rename(_ id: UUID, of tenant: String, to name: String, _ client: PostgresClient) async throws {
    try await client.execute(PostgresStatement.rename.call(naming: ["tenant": tenant, "id": id, "name": name]))
}

func move(_ amount: Int64, from payer: Int64, to payee: Int64, _ client: PostgresClient) async throws {
    try await client.transaction { transaction in
        try await transaction.execute("UPDATE accounts SET amount = amount - $2 WHERE id = $1", payer, amount)
        try await transaction.execute("UPDATE accounts SET amount = amount + $2 WHERE id = $1", payee, amount)
    }
}

func openStore(_ configuration: PostgresConfiguration) async throws -> PostgresEventStore {
    let client = PostgresClient(configuration)
    try await PostgresMigrator(directory: "Migrations/event_store").migrate(client)
    let store = PostgresEventStore(client, appended: PositionSignal())
    return store
}

func startPostgres() async throws {
    let server = try await EmbeddedPostgres.start(in: ".data/event_store")
    // Connect as server.username through the socket in server.socketDirectory; then, at the latest with the program:
    try await server.stop()
}

func startRedis() async throws {
    let server = try await EmbeddedRedis.start(in: ".data/redis")
    // Connect to the socket server.socket; then, at the latest with the program:
    await server.stop()
}

func runQueue(logger: Logger, send: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
    let client = try RedisClient(.bullMQ(RedisURL("redis://:password@localhost:6379/0")))
    let queue = try BullMQQueue("notification", client: client)
    _ = try await queue.add(BullMQJob(id: "4b1c…", name: "InvoicePaid", data: #"{"invoice":"2026-1"}"#))

    let worker = BullMQWorker(of: queue, logger: logger) { job in
        try await send(job.data)
        return nil
    }
    try await ServiceGroup(services: [client, worker], logger: logger).run()
}

func webhookRelays(_ client: PostgresClient, appended: PositionSignal, logger: Logger) -> WebhookRelays {
    let relays = WebhookRelays(
        PostgresWebhookStore(client), subscriptions: PostgresSubscriptionStore(client), appended: appended,
        configuration: WebhookConfiguration(source: "https://acme.example/invoices"), logger: logger)
    return relays
}

extension ProblemKind {
    static let noteNotFound = ProblemKind(
        "note-not-found", .notFound, title: "The note does not exist", advice: "Look for it at /notes.")
}

struct NoSuchNote: Error {}

func notes(_ acme: TenantID, openAPI: Data) throws -> Router<APIRequestContext> {
    let conventions = APIConventions(
        problems: ProblemCatalog(
            of: ResourceName("note", article: "a"), notFound: .noteNotFound, kinds: [.noteNotFound]
        ) { $0 is NoSuchNote ? Problem(.noteNotFound) : nil },
        documents: try APIDocuments(openAPI: openAPI, swaggerUI: nil),
        idempotency: IdempotencyMiddleware(tenant: acme) { _ in nil },
        edge: MessageEdge(tenant: acme, source: "notes.http", now: { Date() }),
        readiness: { [HealthCheck(name: "store")] }, makeID: { UUID.v7() })
    return conventions.router { plain, resources in
        resources.get("/notes/:id") { request, context -> Response in
            throw NoSuchNote()
        }
    }
}

@Suite struct ContractSnippets {
    @Test(arguments: EventStoreContract.clauses)
    func `keeps the contract`(_ clause: EventStoreContract.Clause) async throws {
        try await clause.check(InMemoryEventStore())
    }
}
