import EventSourcing
import Foundation
import HTTPConventions
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import InvoicesApplication
import InvoicesDomain
import InvoicesPresentation
import Logging
import Testing

/// The API on parts in memory, with a clock and ids that a test can foresee.
struct TestService {
    let store: ProjectingStore
    let readModel: InMemoryInvoices
    let logs = LogRecorder()
    let clock: TestClock
    let webhooks: InMemoryWebhookStore
    let receiver = TestReceiver()
    let api: InvoicesAPI

    /// - Parameter other: a service whose store and read models this one has too, as another process would.
    init(
        swaggerUI: URL? = nil, timeout: Duration = .milliseconds(20), checks: [HealthCheck] = [],
        tenant: String = "acme", roundingRule: RoundingRule = .standard, calendar: BusinessCalendar = .utc,
        connections: ConnectionLimits = ConnectionLimits(), beside other: TestService? = nil
    ) throws {
        let tenant = try TenantID(tenant)
        let clock = other?.clock ?? TestClock()
        let readModel = other?.readModel ?? InMemoryInvoices()
        let store = other?.store ?? ProjectingStore(feeding: readModel, now: { clock.storeTime })
        let webhooks =
            other?.webhooks
            ?? InMemoryWebhookStore(
                InMemorySubscriptionStore(on: store.base), on: store.base, now: { clock.storeTime })
        self.webhooks = webhooks
        self.readModel = readModel
        self.store = store
        self.clock = clock
        let aggregates = AggregateStore<Invoice>(store, cache: AggregateCache())
        api = try InvoicesAPI(
            commands: CommandBus {
                Invoicing(
                    invoices: aggregates, context: $0, calendar: calendar, writingRefusals: InvoicesAPI.written)
            },
            queries: QueryBus(progress: store.invoices.applied, timeout: timeout) {
                InvoiceReading(readModel: readModel, tenant: $0.tenant)
            },
            histories: QueryBus(progress: store.base.appended, timeout: timeout) {
                InvoiceHistoryReading(events: store, tenant: $0.tenant)
            },
            feed: InvoiceFeed(reading: store, appended: store.base.appended, of: tenant),
            webhooks: WebhookPorts(store: webhooks, tester: receiver, policy: .publicInternet), tenant: tenant,
            defaultCurrency: Currency(code: "EUR")!, defaultRoundingRule: roundingRule, calendar: calendar,
            documents: try swaggerUI.map { try Self.documents(swaggerUI: $0) } ?? Self.documents.get(),
            connections: connections, now: { clock.next() },
            readiness: { checks })
    }

    /// The document at the root of the repository.
    static let openAPI = URL(filePath: #filePath).appending(path: "../../../../openapi.yaml").standardizedFileURL

    /// Read once, for it takes longer than most tests.
    private static let documents = Result { try documents(swaggerUI: nil) }

    private static func documents(swaggerUI: URL?) throws -> APIDocuments {
        try APIDocuments(openAPI: Data(contentsOf: openAPI), swaggerUI: swaggerUI)
    }

    /// - Parameter framework: whether requests are handed to the router, or sent to a server.
    func test(
        _ framework: TestingSetup = .router, _ test: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test") { [logs] _ in logs }
        logger.logLevel = .trace
        let application = Application(router: api.router(), server: api.server, logger: logger)
        try await application.test(framework) { try await test($0) }
    }
}

extension TestClientProtocol {
    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: String? = nil
    ) async throws -> Answer {
        try await send(method, path, headers: headers, bytes: body.map { Array($0.utf8) })
    }

    /// Sends a body as JSON, unless the headers say otherwise, and holds the answer to the contract.
    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], bytes: [UInt8]?
    ) async throws -> Answer {
        var headers = headers
        if bytes != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let response = try await executeRequest(
            uri: path, method: method, headers: headers, body: bytes.map { ByteBuffer(bytes: $0) })
        let answer = try Answer(response)
        Contract.document.check(answer, to: method, at: path)
        return answer
    }

    /// Creates an invoice, and returns it as it was answered.
    func createInvoice(amount: Int = 1250) async throws -> Answer {
        try await send(.post, "/invoices", body: #"{"customerId": "\#(customer)", "amount": \#(amount)}"#)
    }

    /// Creates a draft, and returns its path.
    func createdDraft() async throws -> String {
        let body = #"{"customerId": "\#(customer)", "amount": 1250, "dueDate": "2026-12-31", "draft": true}"#
        return try #require(try await send(.post, "/invoices", body: body).headers[.location])
    }

    /// Creates a webhook, and returns its path.
    func createdWebhook() async throws -> String {
        let body = #"{"url": "https://example.com/hooks"}"#
        return try #require(try await send(.post, "/webhooks", body: body).headers[.location])
    }

    /// Creates an invoice, and returns its path.
    func createdInvoice() async throws -> String {
        try #require(try await createInvoice().headers[.location])
    }
}

let customer = "0190a1b2-0000-7000-8000-00000000c001"

/// What a request was answered with.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]
    let text: String
    /// The body; null unless it is JSON.
    let json: Value

    /// The revision that the `ETag` begins with.
    var taggedRevision: Int64? { headers[.eTag].flatMap { Int64($0.dropFirst().prefix { $0 != "-" && $0 != "\"" }) } }

    init(_ response: TestResponse) throws {
        status = response.status.code
        headers = response.head.headerFields
        text = String(buffer: response.body)
        bytes = Array(buffer: response.body)
        let isJSON =
            headers[.contentEncoding] == nil && headers[.contentType]?.hasSuffix("json") == true && !text.isEmpty
        json = isJSON ? try JSONDecoder().decode(Value.self, from: Data(text.utf8)) : .null
    }
}

extension HTTPField.Name {
    static let requestID = Self("X-Request-ID")!
    static let consistencyToken = Self("Consistency-Token")!
}
