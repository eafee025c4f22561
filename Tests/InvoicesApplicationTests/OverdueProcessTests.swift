import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import Logging
import Pipelines
import ServiceLifecycle
import Testing

/// The process as it runs in the service, in memory, with a clock that the tests set.
@Suite(.timeLimit(.minutes(5))) struct OverdueProcessTests {
    /// 18 November 2026, 11:06:40 UTC
    private let clock = ManualClock(at: Date(timeIntervalSince1970: 1_795_000_000))
    private let appended = PositionSignal()
    private let store = InMemoryEventStore()
    private let subscriptions: InMemorySubscriptionStore
    private let deadlines = InMemoryDeadlineStore()
    private let tenant: TenantID
    private let berlin = BusinessCalendar(zone: "Europe/Berlin")!
    private let invoice = InvoiceID(UUID())
    private let payment = PaymentID(UUID())

    init() throws {
        tenant = try TenantID("acme")
        subscriptions = InMemorySubscriptionStore(on: store)
    }

    private func commands(in calendar: BusinessCalendar) -> CommandBus<Invoicing> {
        let invoices = AggregateStore<Invoice>(store)
        return CommandBus { Invoicing(invoices: invoices, context: $0, calendar: calendar) }
    }

    /// Runs the process in so many nodes while the body runs.
    private func following(
        nodes: Int = 1, in calendar: BusinessCalendar? = nil, reminders: String = "",
        _ body: () async throws -> Void
    ) async throws {
        let calendar = calendar ?? berlin
        let process = OverdueProcess(of: tenant, in: calendar, reminders: try #require(ReminderSchedule(reminders)))
        let bus = commands(in: calendar)
        try await withThrowingTaskGroup { group in
            for _ in 0..<nodes {
                let runner = try ProcessRunner(
                    process, on: store, subscriptions: subscriptions, deadlines: deadlines, appended: appended,
                    clock: clock.time, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
                ) { command, context in _ = try await bus.send(command, in: context) }
                group.addTask { try await runner.run() }
            }
            try await body()
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
    }

    private func send<C: Command<Invoicing>>(_ command: C) async throws {
        let context = MessageContext(tenant: tenant, correlationID: "request-1", source: "tests", now: clock.date)
        _ = try await commands(in: berlin).send(command, in: context)
        appended.advance(to: try await store.head())
    }

    private func create(dueDate: String? = "2026-11-30", isDraft: Bool = false, _ id: InvoiceID? = nil) async throws {
        let new = NewInvoice(
            id: id ?? invoice, customer: CustomerID(UUID()), contents: .amount(1250), currency: .euro,
            dueDate: dueDate.flatMap { CalendarDate($0) }, issuedIn: isDraft ? nil : .standard)
        try await send(CreateInvoice(new))
    }

    private func pay() async throws { try await send(PayInvoice(invoice, Payment(id: payment))) }

    /// What has happened to invoices.
    private func happened(to id: InvoiceID? = nil) async throws -> [InvoiceEvent.Name] {
        let filter = LogFilter(categories: [try StreamCategory("invoices.invoice.v1")])
        let records = try await store.readLog(after: .start, .forwards, matching: filter, limit: 1_000)
        return try records.compactMap { try Recorded<InvoiceEvent>(decoding: $0)?.event }
            .filter { id == nil || $0.invoiceId == id }.map(\.name)
    }

    private var nextDeadline: Date? {
        get async throws { try await deadlines.nextDue(of: OverdueProcess.category, tenant: tenant) }
    }

    private func isWaiting(until time: String) async throws -> Bool { try await nextDeadline == Self.time(time) }

    /// Waits for a condition, without time passing.
    private func eventually(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// Sets the clock, and lets the process wake up until a condition holds.
    private func pass(to time: String, until condition: () async throws -> Bool) async throws {
        clock.date = try #require(Self.time(time))
        try await clock.advance(until: condition)
    }

    private static func time(_ text: String) -> Date? { RFC3339.date(from: text) }

    // MARK: Overdue

    @Test func `an invoice becomes overdue at the start of the day after its due date, by an event`() async throws {
        try await following {
            try await create()
            try await eventually { try await isWaiting(until: "2026-11-30T23:00:00Z") }
            try await pass(to: "2026-11-30T23:00:00Z") { try await happened().contains(.becameOverdue) }
            #expect(try await happened() == [.created, .becameOverdue])
            try await eventually { try await nextDeadline == nil }
            #expect(try await happened() == [.created, .becameOverdue])
        }
        let filter = LogFilter(types: [try EventType("invoices.invoice.became_overdue.v1")])
        let event = try #require(try await store.readLog(after: .start, .forwards, matching: filter, limit: 1).first)
        #expect(try event.decodeMetadata().correlationID == "request-1", "it goes back to the request of the invoice")
    }

    @Test func `reminders are requested on the days of the schedule, once each`() async throws {
        try await following(reminders: "7,14") {
            try await create()
            try await eventually { try await nextDeadline != nil }
            try await pass(to: "2026-12-01T08:00:00Z") { try await isWaiting(until: "2026-12-06T23:00:00Z") }
            try await pass(to: "2026-12-06T23:00:00Z") { try await isWaiting(until: "2026-12-13T23:00:00Z") }
            try await pass(to: "2026-12-13T23:00:00Z") { try await nextDeadline == nil }
        }
        #expect(try await happened() == [.created, .becameOverdue, .reminderRequested, .reminderRequested])
    }

    @Test func `an invoice that is paid in time is followed no more, until the payment is reversed`() async throws {
        try await following {
            try await create()
            try await eventually { try await nextDeadline != nil }
            try await pay()
            try await eventually { try await nextDeadline == nil }
            clock.date = try #require(Self.time("2026-12-24T12:00:00Z"))
            try await send(ReversePayment(payment, of: invoice, because: Reason("bounced")!))
            try await clock.advance { try await happened().contains(.becameOverdue) }
            try await eventually { try await nextDeadline == nil }
        }
        #expect(try await happened() == [.created, .paymentReceived, .paymentReversed, .becameOverdue])
    }

    @Test func `a draft is followed once it is issued, by the due date that it has then`() async throws {
        let later = try #require(CalendarDate("2026-12-31"))
        try await following {
            try await create(isDraft: true)
            try await send(ReviseInvoice(invoice, to: InvoiceRevision(dueDate: .set(later))))
            try await send(IssueInvoice(invoice))
            try await eventually { try await isWaiting(until: "2026-12-31T23:00:00Z") }
            try await send(VoidInvoice(invoice, because: Reason("mistake")!))
            try await eventually { try await nextDeadline == nil }
        }
        #expect(try await happened() == [.created, .revised, .issued, .voided])
    }

    @Test func `of invoices without a due date nothing is recorded`() async throws {
        try await following {
            try await create(dueDate: nil)
            try await pay()
            let other = InvoiceID(UUID())
            try await create(other)
            try await eventually { try await nextDeadline != nil }
        }
        let filter = LogFilter(categories: [OverdueProcess.category])
        let streams = try await store.readLog(after: .start, .forwards, matching: filter, limit: 100).map(\.stream)
        #expect(Set(streams).count == 1)
        #expect(!streams.contains { $0.entityID == invoice.description[...] })
    }

    // MARK: Nodes and times

    @Test func `invoices from before there was the process become overdue at its first start, with no old reminders`()
        async throws
    {
        try await create(dueDate: "2026-01-31")
        try await create(dueDate: "2026-11-12", InvoiceID(UUID()))
        try await following(reminders: "7,14") {
            try await eventually { try await isWaiting(until: "2026-11-18T23:00:00Z") }
            try await clock.advance { try await happened().count == 4 }
        }
        #expect(try await happened() == [.created, .created, .becameOverdue, .becameOverdue])
    }

    @Test func `a reminder whose day has passed while nothing ran is requested once`() async throws {
        try await following(reminders: "7,14") {
            try await create()
            try await eventually { try await nextDeadline != nil }
            try await pass(to: "2026-12-01T08:00:00Z") { try await isWaiting(until: "2026-12-06T23:00:00Z") }
        }
        clock.date = try #require(Self.time("2027-03-01T00:00:00Z"))
        try await following(reminders: "7,14") { try await clock.advance { try await nextDeadline == nil } }
        #expect(try await happened() == [.created, .becameOverdue, .reminderRequested])
    }

    @Test func `several nodes make an invoice overdue once`() async throws {
        let invoices = (0..<20).map { _ in InvoiceID(UUID()) }
        try await following(nodes: 3, reminders: "7") {
            for id in invoices { try await create(id) }
            try await eventually { try await happened().count == 20 }
            try await pass(to: "2026-12-01T00:00:00Z") { try await happened().count == 40 }
            try await pass(to: "2026-12-09T00:00:00Z") { try await happened().count == 60 }
            try await eventually { try await nextDeadline == nil }
        }
        for id in invoices { #expect(try await happened(to: id) == [.created, .becameOverdue, .reminderRequested]) }
    }

    @Test func `an invoice is not overdue before its due date is over where the business has moved to`() async throws {
        let newYork = try #require(BusinessCalendar(zone: "America/New_York"))
        try await following {
            try await create()
            try await eventually { try await isWaiting(until: "2026-11-30T23:00:00Z") }
        }
        clock.date = try #require(Self.time("2026-12-01T00:00:00Z"))
        try await following(in: newYork) {
            try await clock.advance { try await isWaiting(until: "2026-12-01T05:00:00Z") }
            #expect(try await happened() == [.created])
            try await pass(to: "2026-12-01T05:00:00Z") { try await happened().contains(.becameOverdue) }
        }
    }

    @Test func `a clock that is set back makes nothing happen twice`() async throws {
        try await following(reminders: "7") {
            try await create()
            try await eventually { try await nextDeadline != nil }
            try await pass(to: "2026-12-01T00:00:00Z") { try await happened().contains(.becameOverdue) }
            try await eventually { try await isWaiting(until: "2026-12-06T23:00:00Z") }
            clock.date = try #require(Self.time("2026-11-18T12:00:00Z"))
            try await pass(to: "2026-12-07T00:00:00Z") { try await nextDeadline == nil }
        }
        #expect(try await happened() == [.created, .becameOverdue, .reminderRequested])
    }

    // MARK: The schedule

    @Test(arguments: ["", " ", "7", "7,14", "2, 365", "2,3,4,5,6,7,8,9,10,11"])
    func `a schedule is ascending days, or none`(text: String) {
        #expect(ReminderSchedule(text) != nil)
    }

    @Test(arguments: ["1", "0", "-7", "366", "7,7", "14,7", "7,", "seven", "7;14", "2,3,4,5,6,7,8,9,10,11,12", "7.5"])
    func `what is no schedule is refused`(text: String) {
        #expect(ReminderSchedule(text) == nil)
    }
}
