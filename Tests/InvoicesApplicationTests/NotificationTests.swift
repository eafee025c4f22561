import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import Synchronization
import Testing

/// Records what is sent, and fails on request.
private final class RecordingNotifier: Notifier {
    struct Failed: CategorizedError { let category: ErrorCategory }

    let messages = Mutex<[NotificationMessage]>([])
    let failure = Mutex<ErrorCategory?>(nil)

    var told: [NotificationTemplate] { messages.withLock { $0.map(\.notification.template) } }

    func send(_ message: NotificationMessage) async throws {
        if let category = failure.withLock(\.self) { throw Failed(category: category) }
        messages.withLock { $0.append(message) }
    }
}

private struct PlainRendering: NotificationRendering {
    func render(_ notification: InvoiceNotification) throws -> NotificationMessage {
        NotificationMessage(notification, subject: "", text: "", html: "")
    }
}

/// Loses what was to be recorded after an effect, as a crash does.
private final class CrashingProcessedJobs: ProcessedJobs {
    struct Crashed: Error {}

    private let base = InMemoryProcessedJobs()
    let crashes = Mutex(true)

    func begin(_ job: ProcessedJobID, by claim: UUID, for duration: Duration) async throws -> JobClaimOutcome {
        try await base.begin(job, by: claim, for: .milliseconds(20))
    }

    func complete(_ job: ProcessedJobID, by claim: UUID) async throws -> Bool {
        if crashes.withLock(\.self) { throw Crashed() }
        return try await base.complete(job, by: claim)
    }

    func abandon(_ job: ProcessedJobID, by claim: UUID) async throws {}
    func purge(olderThan age: Duration) async throws -> Int { 0 }
}

@Suite(.timeLimit(.minutes(5))) struct NotificationTests {
    private let store = InMemoryEventStore()
    private let notifier = RecordingNotifier()
    private let processed = InMemoryProcessedJobs()
    private let tenant: TenantID
    private let context: MessageContext
    private let invoice = InvoiceID(UUID())
    private let payment = PaymentID(UUID())
    /// 18 November 2026, 11:06:40 UTC
    private static let time = Date(timeIntervalSince1970: 1_795_000_000)
    init() throws {
        tenant = try TenantID("acme")
        context = MessageContext(tenant: tenant, correlationID: "request-1", source: "tests", now: Self.time)
    }

    private func handler(processed: (any ProcessedJobs)? = nil) -> InvoiceNotifications {
        InvoiceNotifications(
            .init(tenant: tenant, language: .german, recipient: "books@example.com"), reading: store,
            processed: processed ?? self.processed, renderer: PlainRendering(), notifier: notifier)
    }

    /// Has the invoice followed up on a day.
    private func followUp(on day: String, reminderAfter days: Int? = nil) async throws {
        let time = try #require(RFC3339.date(from: "\(day)T00:00:01Z"))
        let context = MessageContext(tenant: tenant, correlationID: "process", source: "tests", now: time)
        _ = try await commands.send(FollowUpInvoice(invoice, reminderAfter: days), in: context)
    }

    private var commands: CommandBus<Invoicing> {
        let invoices = AggregateStore<Invoice>(store)
        return CommandBus { Invoicing(invoices: invoices, context: $0) }
    }

    private func create(dueDate: String? = nil, isDraft: Bool = false) async throws {
        let new = NewInvoice(
            id: invoice, customer: CustomerID(UUID()), contents: .amount(1250), currency: .euro,
            dueDate: dueDate.flatMap { CalendarDate($0) }, issuedIn: isDraft ? nil : .standard)
        _ = try await commands.send(CreateInvoice(new), in: context)
    }

    private func pay(_ amount: Int64? = nil) async throws {
        _ = try await commands.send(PayInvoice(invoice, Payment(id: payment, amount: amount)), in: context)
    }

    private func log() async throws -> [RecordedEvent] { try await store.readLog(after: .start, .forwards, limit: 100) }

    /// Tells of every event, by jobs.
    private func tellAll(_ handler: InvoiceNotifications? = nil) async throws -> [InvoiceNotifications.Outcome] {
        let (handler, route) = (handler ?? self.handler(), InvoiceNotifications.route(of: tenant))
        var outcomes: [InvoiceNotifications.Outcome] = []
        for event in try await log() where route.filter.matches(event) {
            for job in try route.jobs(event) { outcomes.append(try await handler.perform(job)) }
        }
        return outcomes
    }

    @Test func `an invoice is told to be issued, paid and reversed`() async throws {
        try await create()
        try await pay(50)
        _ = try await commands.send(ReversePayment(payment, of: invoice, because: Reason("bounced")!), in: context)
        #expect(try await tellAll() == [.sent, .sent, .sent])
        #expect(notifier.told == [.created, .paid, .reversed])
        let messages = notifier.messages.withLock(\.self)
        #expect(messages.map(\.notification.id) == (try await log()).map(\.id.text))
        #expect(messages.map(\.notification.values.due) == [1250, 1200, 1250], "each as it was after its event")
        #expect(messages.map(\.notification.values.payment?.amount) == [nil, 50, 50])
        #expect(messages.last?.notification.values.payment?.reason == "bounced")
        #expect(messages.allSatisfy { $0.notification.recipient == "books@example.com" })
        #expect(messages.allSatisfy { $0.notification.language == .german })
        #expect(messages.first?.notification.values.number?.description == "INV-2026-000001")
    }

    @Test func `of a draft nothing is told until it is issued`() async throws {
        try await create(dueDate: "2026-12-31", isDraft: true)
        #expect(try await tellAll() == [])
        _ = try await commands.send(IssueInvoice(invoice), in: context)
        #expect(try await tellAll() == [.sent])
        #expect(notifier.told == [.created])
    }

    @Test func `a job has the id of its event, and is told once`() async throws {
        try await create()
        let event = try #require(try await log().first)
        let job = try #require(try InvoiceNotifications.route(of: tenant).jobs(event).first)
        #expect(job.id == event.id.text && job.name == event.type.rawValue)
        let handler = handler()
        #expect(try await handler.perform(job) == .sent)
        #expect(try await handler.perform(job) == .repeated)
        // The same event by another road: the service's own handler, and a job of another form.
        try await handler.handle(event, attempt: 1)
        #expect(try await handler.perform(try Job(event, for: handler)) == .repeated)
        #expect(notifier.told == [.created])
    }

    @Test func `jobs at the same time tell once`() async throws {
        try await create()
        let event = try #require(try await log().first)
        let handler = handler()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await handler.tell(of: event) } }
        }
        #expect(notifier.told == [.created])
    }

    @Test(arguments: [ErrorCategory.transient, .validation])
    func `what was not sent is sent by the next attempt`(category: ErrorCategory) async throws {
        try await create()
        let event = try #require(try await log().first)
        notifier.failure.withLock { $0 = category }
        await #expect(throws: RecordingNotifier.Failed.self) { _ = try await handler().tell(of: event) }
        notifier.failure.withLock { $0 = nil }
        #expect(try await handler().tell(of: event) == .sent)
    }

    @Test func `after a crash between sending and recording it is sent again, with the same id`() async throws {
        try await create()
        let event = try #require(try await log().first)
        let crashing = CrashingProcessedJobs()
        await #expect(throws: CrashingProcessedJobs.Crashed.self) {
            _ = try await handler(processed: crashing).tell(of: event)
        }
        crashing.crashes.withLock { $0 = false }
        var outcome: InvoiceNotifications.Outcome?
        while outcome == nil {
            do { outcome = try await handler(processed: crashing).tell(of: event) } catch is JobInProgress {
                // The claim of the one that died has not expired.
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        #expect(outcome == .sent)
        #expect(Set(notifier.messages.withLock { $0.map(\.notification.id) }) == [event.id.text])
        #expect(notifier.told.count == 2)
        #expect(try await handler(processed: crashing).tell(of: event) == .repeated)
    }

    @Test func `what was redacted meanwhile is not told`() async throws {
        try await create()
        let event = try #require(try await log().first)
        let job = try #require(try InvoiceNotifications.route(of: tenant).jobs(event).first)
        _ = try await store.redact(.first, of: event.stream, reason: "asked", in: context)
        #expect(try await handler().perform(job) == .nothing("the event was redacted"))
        #expect(notifier.told.isEmpty)
    }

    // MARK: Overdue

    @Test func `an invoice that is not paid in time is told to be overdue, and reminded of, once each`() async throws {
        try await create(dueDate: "2026-11-30")
        try await pay(50)
        try await followUp(on: "2026-12-01")
        try await followUp(on: "2026-12-07", reminderAfter: 7)
        #expect(try await tellAll() == [.sent, .sent, .sent, .sent])
        #expect(try await tellAll() == [.repeated, .repeated, .repeated, .repeated])
        #expect(notifier.told == [.created, .paid, .overdue, .reminder])
        let messages = notifier.messages.withLock(\.self)
        #expect(messages.map(\.notification.id) == (try await log()).map(\.id.text))
        #expect(messages.map(\.notification.values.due) == [1250, 1200, 1200, 1200])
    }

    @Test func `an invoice that was paid before it is told is not told to be overdue`() async throws {
        try await create(dueDate: "2026-11-30")
        try await followUp(on: "2026-12-01")
        try await followUp(on: "2026-12-07", reminderAfter: 7)
        try await pay()
        let nothing = InvoiceNotifications.Outcome.nothing("nothing of the invoice is due any more")
        #expect(try await tellAll() == [.sent, nothing, nothing, .sent])
        #expect(notifier.told == [.created, .paid])
    }

    @Test func `a delayed job of an earlier version tells nothing`() async throws {
        try await create(dueDate: "2026-11-30")
        let event = try #require(try await log().first)
        let reference = try EventPayload(encoding: EventReference(event))
        let job = Job(id: "overdue-\(event.id.text)", name: "overdue", data: reference)
        #expect(try await handler().perform(job) == .nothing("an event tells that an invoice is overdue"))
    }

    // MARK: Jobs that cannot be done

    @Test(arguments: [#"{}"#, "x", #"{"stream": 1, "revision": 0, "eventId": "x"}"#])
    func `a job that names no event is refused for good`(data: String) async throws {
        let job = Job(id: "j", name: "x", data: EventPayload(bytes: Array(data.utf8)))
        let error = await #expect(throws: UnreadableJob.self) { _ = try await handler().perform(job) }
        #expect(error?.category == .poison)
    }

    @Test func `a job of an event that this event store does not have is refused for good`() async throws {
        try await create()
        let event = try #require(try await log().first)
        let data = #"{"stream": "\#(event.stream)", "revision": 0, "eventId": "\#(UUID().uuidString)"}"#
        let job = Job(id: "j", name: "x", data: EventPayload(bytes: Array(data.utf8)))
        await #expect(throws: EventNotFound.self) { _ = try await handler().perform(job) }
    }

    @Test func `an event of which nothing is told needs no handler`() async throws {
        try await create()
        _ = try await commands.send(VoidInvoice(invoice, because: Reason("mistake")!), in: context)
        let event = try #require(try await log().last)
        #expect(try await handler().perform(Job(for: event)) == .nothing("nothing is told of such an event"))
        #expect(!InvoiceNotifications.filter(of: tenant).matches(event))
        #expect(!InvoiceNotifications.filter(of: try TenantID("other")).matches(try #require(try await log().first)))
    }
}
