package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// What a command may use: the invoices of one tenant, on behalf of one caller.
package struct Invoicing: Sendable {
    /// Writes a refusal down, to be kept for a caller that sends the command again; nil for one that is not to be remembered.
    package typealias RefusalWriting = @Sendable (InvoiceError, MessageContext) -> [UInt8]?

    package let invoices: AggregateStore<Invoice>
    package let context: MessageContext
    /// Which day it is.
    package let calendar: BusinessCalendar
    private let writeRefusal: RefusalWriting

    /// - Parameters:
    ///   - calendar: which day it is.
    ///   - writeRefusal: how a refusal is kept with a command that has a key; unless it is stated, none is.
    package init(
        invoices: AggregateStore<Invoice>, context: MessageContext, calendar: BusinessCalendar = .utc,
        writingRefusals writeRefusal: @escaping RefusalWriting = { _, _ in nil }
    ) {
        self.invoices = invoices
        self.context = context
        self.calendar = calendar
        self.writeRefusal = writeRefusal
    }

    /// Decides on one invoice, as ``/EventSourcing/AggregateStore`` transacts.
    ///
    /// A command that has a key is decided once. Whoever sends it again is told what the first time came to, whatever
    /// has happened to the invoice since: the invoice as it was left then, or the same refusal.
    ///
    /// - Throws: ``RecordedRefusal`` in place of a refusal that is kept with the command; ``UnreadableInvoice`` and
    ///   ``/EventSourcing/UndecodableEvent`` when nothing can be decided on the invoice.
    func transact(
        _ invoice: InvoiceID, expecting expected: ExpectedRevision? = nil, presumingNew presumesNew: Bool = false,
        _ decide: (Invoice) throws -> [InvoiceEvent]
    ) async throws -> InvoiceCommit {
        let stream = try StreamName(of: invoice, tenant: context.tenant)
        guard let command = context.command else {
            let outcome = try await invoices.transact(
                stream, in: context, expecting: expected, presumingNew: presumesNew
            ) { (state: Invoice) -> [InvoiceEvent] in
                try state.details?.requireReadable()
                return try decide(state)
            }
            return try InvoiceCommit(outcome, decidedAt: context.now)
        }
        let outcome = try await invoices.transact(
            stream, in: context, expecting: expected, by: command, presumingNew: presumesNew
        ) { (state: Invoice) -> Decision<InvoiceEvent> in
            try state.details?.requireReadable()
            do {
                return Decision(try decide(state), keeping: RecordedOutcome.decided(at: context.now).bytes)
            } catch let refusal as InvoiceError {
                guard let written = writeRefusal(refusal, context) else { throw refusal }
                return Decision(keeping: RecordedOutcome.refused(written).bytes)
            }
        }
        switch try RecordedOutcome(outcome.commandOutcome, of: command) {
        case .refused(let refusal):
            throw RecordedRefusal(refusal: refusal, isRepetition: outcome.isRepetition)
        case .begun:
            throw UnreadableOutcome(commandID: command.id)
        case .decided(let time):
            return try InvoiceCommit(outcome, decidedAt: time)
        }
    }

    /// Begins invoices that were named for it, all or none; see ``/EventSourcing/AggregateStore/begin(_:in:by:keeping:)``.
    ///
    /// - Returns: those of the first time, in the same order, where the command has a key and comes again.
    func begin(_ begun: [(invoice: InvoiceID, events: [InvoiceEvent])]) async throws -> BegunInvoices {
        let streams = try begun.map { (try StreamName(of: $0.invoice, tenant: context.tenant), $0.events) }
        let first = RecordedOutcome.Beginning(
            invoices: begun.map(\.invoice), decidedAt: context.now, correlationID: context.correlationID)
        let command = context.command
        let appended = try await invoices.begin(
            streams, in: context, by: command, keeping: command.map { _ in RecordedOutcome.begun(first).bytes })
        var kept = first
        if let command {
            guard case .begun(let beginning) = try RecordedOutcome(appended.outcome.commandOutcome, of: command),
                beginning.invoices.count == begun.count
            else { throw UnreadableOutcome(commandID: command.id) }
            kept = beginning
        }
        let views = try kept.invoices.map { invoice in
            let loaded = appended.states[try StreamName(of: invoice, tenant: context.tenant)]
            guard let view = loaded.flatMap({ InvoiceView($0) }) else { throw InvoiceError.notFound }
            return view
        }
        return BegunInvoices(
            invoices: views, position: appended.outcome.position, decidedAt: kept.decidedAt,
            correlationID: kept.correlationID, isRepetition: appended.outcome.isRepetition)
    }
}

/// How a command left an invoice.
package struct InvoiceCommit: Hashable, Sendable {
    /// The invoice after the command's events; of a repetition, after those of the first time.
    package let invoice: InvoiceView
    /// What a reader has to have seen to see the outcome.
    package let position: Position
    /// By what time it was decided; of a repetition, the first time.
    package let decidedAt: Date
    /// True when the command had been handled before, and this is the outcome of then.
    package let isRepetition: Bool

    /// - Throws: ``InvoicesDomain/InvoiceError/notFound`` for a stream without an invoice.
    fileprivate init(_ outcome: Transacted<Invoice>, decidedAt: Date) throws {
        guard let invoice = InvoiceView(outcome.state, revision: outcome.revision) else { throw InvoiceError.notFound }
        self.invoice = invoice
        position = outcome.position
        self.decidedAt = decidedAt
        isRepetition = outcome.isRepetition
    }
}

/// How a command left the invoices that it has begun.
struct BegunInvoices {
    let invoices: [InvoiceView]
    let position: Position
    let decidedAt: Date
    let correlationID: String
    let isRepetition: Bool
}
